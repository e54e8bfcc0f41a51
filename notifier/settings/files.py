"""Files that settings name: whether they can be read, and whether others can read what is secret (B40)."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

_EVERYBODY = stat.S_IROTH | stat.S_IWOTH


def find_file_faults(path: Path, where: str, *, secret: bool) -> Iterator[str]:
    """Say why a file cannot be used; `where` is the setting or folder that names it."""
    try:
        state = path.stat()
    except OSError as error:
        yield f"{where}: {path} cannot be read ({error.strerror}); give a file that is there."
        return
    if not stat.S_ISREG(state.st_mode):
        yield f"{where}: {path} is no file; give one."
    elif not os.access(path, os.R_OK):
        yield f"{where}: {path} may not be read by this user; let it."
    elif secret and state.st_mode & _EVERYBODY:
        yield f"{where}: {path} is open to everybody; run `chmod 600` on it and make a new key."


def find_folder_faults(path: Path, where: str) -> Iterator[str]:
    """Say why a folder cannot be read."""
    if not path.is_dir():
        yield f"{where}: {path} is no folder; give one that is there."
    elif not os.access(path, os.R_OK | os.X_OK):
        yield f"{where}: {path} may not be read by this user; let it."
