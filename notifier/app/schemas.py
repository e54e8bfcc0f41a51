"""Where the contract is, with what the settings lay over it."""

from collections.abc import Mapping
from pathlib import Path

from notifier.app.contract import read_schemas
from notifier.domain.faults import Misconfigured
from notifier.settings import Settings

_PACKAGE = Path(__file__).resolve().parents[1]


def schemas_folder(settings: Settings) -> Path:
    """Give the contract's folder: that of the settings, of the installed package, or of the checkout."""
    if settings.schemas.folder is not None:
        return settings.schemas.folder
    installed = _PACKAGE / "schemas"
    return installed if installed.is_dir() else _PACKAGE.parent / "schemas"


def read_files(settings: Settings) -> Mapping[str, bytes]:
    """Read the contract; a file of the extra folder is new, or takes the place of one of the same name (R1)."""
    files = dict(read_schemas(schemas_folder(settings)))
    if settings.schemas.extra_folder is not None:
        files |= read_schemas(settings.schemas.extra_folder)
    return files


def read_migrations(settings: Settings) -> Mapping[str, str]:
    """Read the database's migrations by file name; Misconfigured if there are none."""
    folder = schemas_folder(settings) / "migrations"
    files = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.sql"))}
    if not files:
        raise Misconfigured(f"{folder}: holds no migrations")
    return files
