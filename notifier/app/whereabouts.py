"""Where the embedded parts of a running notifier are, so that other commands find them (A35, A36)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from notifier.embedded import default_folder
from notifier.settings import Settings

_FILE = "running.json"


class Whereabouts(msgspec.Struct, frozen=True, kw_only=True):
    """Addresses of the embedded parts; None for a part that is not embedded."""

    kafka: str | None = None
    postgres: str | None = None


def state_folder(settings: Settings) -> Path:
    """Give the folder that embedded parts keep their data in."""
    return settings.state.dir or default_folder()


def keys_folder(settings: Settings) -> Path:
    """Give the folder of our own keys: that of the settings, or the one made for embedded parts."""
    return settings.keys.folder or state_folder(settings) / "keys"


@contextmanager
def announce(state: Path, parts: Whereabouts) -> Iterator[None]:
    """Let other commands find the embedded parts of this state folder for the block."""
    path = state / _FILE
    path.write_bytes(msgspec.json.encode(parts))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def find_whereabouts(settings: Settings) -> Whereabouts:
    """Give what runs embedded; nothing if nobody announced it."""
    try:
        return msgspec.json.decode((state_folder(settings) / _FILE).read_bytes(), type=Whereabouts)
    except (OSError, msgspec.DecodeError):
        return Whereabouts()
