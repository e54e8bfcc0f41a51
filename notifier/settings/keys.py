"""Our own keys as files: `<folder>/<use>/<id>.key` with 32 random bytes, one folder per use (B40)."""

import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from notifier.domain.faults import Misconfigured
from notifier.settings.files import find_file_faults, find_folder_faults
from notifier.wire.keys import KEY_BYTES, Key, weak

MOST_ID = 32_767


class Use(StrEnum):
    """What a key is for; each use has keys of its own."""

    PERSON = "person"
    CONTACT = "contact"
    INDEX = "index"
    RECEIPT = "receipt"
    AUDIT = "audit"
    DEAD_LETTER = "dead_letter"


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of each use, by id; empty for a use that this role does not mount."""

    person: tuple[Key, ...] = ()
    contact: tuple[Key, ...] = ()
    index: tuple[Key, ...] = ()
    receipt: tuple[Key, ...] = ()
    audit: tuple[Key, ...] = ()
    dead_letter: tuple[Key, ...] = ()


def read_keys(folder: Path, *uses: Use) -> Keys:
    """Read the keys of these uses, or of all; Misconfigured says every fault of them."""
    wanted = uses or tuple(Use)
    if faults := tuple(find_key_faults(folder, *wanted)):
        raise Misconfigured(*faults)
    return Keys(**{use.value: tuple(_read_key(path) for path in _list(folder, use)) for use in wanted})


def make_keys(folder: Path) -> None:
    """Make what is missing for embedded parts; safe beside another process that does the same."""
    for use in Use:
        home = folder / use
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _list(folder, use):
            _make(home / "1.key")


def find_key_faults(folder: Path, *uses: Use) -> Iterator[str]:
    """Say what is wrong with the keys of these uses, or of all; never a byte of them."""
    faults = tuple(find_folder_faults(folder, str(folder)))
    yield from faults
    if not faults:
        seen: dict[bytes, Path] = {}
        for use in uses or tuple(Use):
            yield from _find_faults_of_use(folder, use, seen)


def _find_faults_of_use(folder: Path, use: Use, seen: dict[bytes, Path]) -> Iterator[str]:
    paths = _list(folder, use)
    if not paths:
        yield f"{folder / use}: holds no key; put 32 random bytes in {folder / use / '1.key'}, readable by us alone."
    for path in paths:
        faults = tuple(find_file_faults(path, str(folder / use), secret=True))
        yield from faults or _find_content_faults(path, seen)


def _find_content_faults(path: Path, seen: dict[bytes, Path]) -> Iterator[str]:
    secret = path.read_bytes()
    if not (path.stem.isascii() and path.stem.isdecimal() and 1 <= int(path.stem) <= MOST_ID):
        yield f"{path}: is not named after its id; name it 1.key to {MOST_ID}.key."
    if weak(secret):
        yield f"{path}: is not {KEY_BYTES} random bytes; make it anew from a random source."
    elif secret in seen:
        yield f"{path}: is the same key as {seen[secret]}; each use and id needs a key of its own."
    seen.setdefault(secret, path)


def _list(folder: Path, use: Use) -> list[Path]:
    return sorted((folder / use).glob("*.key"))


def _read_key(path: Path) -> Key:
    return Key(id=int(path.stem), secret=path.read_bytes())


def _make(path: Path) -> None:
    """Write beside and link, so that whoever sees the name sees the whole key, and the first one stays."""
    fresh = path.with_name(f".{os.getpid()}-{os.urandom(4).hex()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.urandom(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        return
    finally:
        fresh.unlink()
