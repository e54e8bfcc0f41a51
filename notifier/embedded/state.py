"""The folder that the embedded parts keep their data in between runs (A35)."""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from notifier.domain.faults import Misconfigured
from notifier.embedded.locks import AT_ONCE, hold

CHECKOUT = Path(__file__).resolve().parents[2]
LEAST_FREE_BYTES = 1 << 30
# As root the data of PostgreSQL belongs to a user who must be able to walk through, not to look around.
FOLDER_MODE = 0o711 if os.geteuid() == 0 else 0o700


def default_folder() -> Path:
    """Name the folder after user and checkout, in the temporary folder that survives a restart of the machine."""
    lasting = Path("/var/tmp")  # noqa: S108 - the folder inside is refused unless it is ours
    parent = lasting if os.access(lasting, os.W_OK) else Path(tempfile.gettempdir())
    checkout = hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:12]
    return parent / f"notifier-{os.geteuid()}-{checkout}"


@contextmanager
def open_state(folder: Path | None = None) -> Iterator[Path]:
    """Make the state folder and hold it for this process alone; Misconfigured says why it cannot be used."""
    path = folder.resolve() if folder else default_folder()
    _make(path)
    with hold(path / "in-use", AT_ONCE, f"Another run of this checkout uses {path}: stop it, or set STATE__DIR."):
        _require_space(path)
        yield path


def clear_state(folder: Path | None = None) -> None:
    """Remove the state folder, unless a run still uses it (then Misconfigured)."""
    path = folder.resolve() if folder else default_folder()
    if path.exists():
        with open_state(path):
            shutil.rmtree(path)


def _make(path: Path) -> None:
    try:
        path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        found = path.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
            path.chmod(FOLDER_MODE)
            return
    except OSError as fault:
        raise Misconfigured(f"The state folder {path} cannot be made ({fault.strerror}): set STATE__DIR.") from fault
    raise Misconfigured(f"The state folder {path} belongs to somebody else: set STATE__DIR to a folder of your own.")


def _require_space(path: Path) -> None:
    free_bytes = shutil.disk_usage(path).free
    if free_bytes < LEAST_FREE_BYTES:
        raise Misconfigured(
            f"Only {free_bytes >> 20} MiB are free in {path}, 1024 are needed: free some or set STATE__DIR."
        )
