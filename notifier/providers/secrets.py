"""Files that hold keys of providers: read only if nobody else can (B40), and again when they were replaced."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from notifier.domain.faults import Misconfigured

LOOK_SECONDS = 10.0
"""How often a file is looked at."""
Content = TypeVar("Content")


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


class Replaceable(Generic[Content]):
    """What a file, or a folder of files, holds; a replacement that cannot be used leaves the one before in force."""

    def __init__(self, path: Path, read: Callable[[Path], Content], monotonic: Callable[[], float]) -> None:
        self._path, self._read, self._monotonic = path, read, monotonic
        self._stamps = _stamp(path)
        self._content = read(path)
        self._looked_at = monotonic()
        self.fault: str | None = None
        """Why what is there now cannot be used."""

    def current(self) -> Content:
        """Give what it holds, as of the last ten seconds."""
        now = self._monotonic()
        if now - self._looked_at >= LOOK_SECONDS:
            self._looked_at = now
            self._look()
        return self._content

    def _look(self) -> None:
        stamps = _stamp(self._path)
        if stamps == self._stamps and self.fault is None:
            return
        try:
            self._content = self._read(self._path)
        except Misconfigured as fault:
            self.fault = str(fault)
        else:
            self.fault, self._stamps = None, stamps


def _stamp(path: Path) -> tuple[tuple[str, int, int, int], ...]:
    """Tell files apart by name, place, time and length; nothing where they cannot be looked at."""
    try:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        states = [(file.name, file.stat()) for file in files]
    except OSError:
        return ()
    return tuple((name, state.st_ino, state.st_mtime_ns, state.st_size) for name, state in states)
