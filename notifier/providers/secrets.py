"""Files that hold keys of providers: read once, at the start, and only if nobody else can (B40)."""

import stat
from pathlib import Path

from notifier.domain.faults import Misconfigured


def read_secret(path: Path, what: str) -> bytes:
    """Read a file with a key; Misconfigured, in a sentence, if it cannot be read or everybody can."""
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{what} {path} cannot be read: {error.strerror}.") from None
    if mode & (stat.S_IROTH | stat.S_IWOTH):
        raise Misconfigured(f"{what} {path} is open to everybody: run `chmod 600` on it and make a new key.")
    return content
