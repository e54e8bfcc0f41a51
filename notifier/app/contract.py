"""The folder `schemas/` as bytes."""

from collections.abc import Mapping
from pathlib import Path

from notifier.domain.faults import Misconfigured


def read_schemas(folder: Path) -> Mapping[str, bytes]:
    """Read every JSON file of the contract by its path in the folder; a folder that cannot be read is Misconfigured."""
    try:
        paths = [path for path in sorted(folder.rglob("*.json*")) if path.is_file()]
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    except OSError as error:
        raise Misconfigured(f"{folder}: the schemas cannot be read: {error.strerror}") from None
    if not files:
        raise Misconfigured(f"{folder}: holds no schemas")
    return files
