"""Kafka's jars in the download cache: pinned by version and sha256, fetched once, checked at each start."""

import hashlib
import os
import shutil
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import msgspec

from notifier.domain.faults import Misconfigured
from notifier.embedded.locks import AT_ONCE, PAUSE, take
from notifier.embedded.progress import Download, Progress, say_nothing
from notifier.embedded.state import CHECKOUT

PINS = CHECKOUT / "deploy" / "kafka-jars.lock"
# One run downloads (8 to 20 s) and trains Java (7 s) while the others wait.
DOWNLOAD_LIMIT = timedelta(minutes=5)


class Pin(msgspec.Struct, frozen=True, kw_only=True):
    """One jar and what its bytes must be."""

    sha256: str
    size_bytes: int
    coordinate: str

    @property
    def file(self) -> str:
        """Its name in the cache."""
        return "-".join(self.coordinate.split(":")) + ".jar"


def read_pins(path: Path = PINS) -> tuple[Pin, ...]:
    """Read lines of `<sha256>  <bytes>  group:artifact:version`; lines that begin with # are remarks."""
    try:
        lines = [line.split() for line in path.read_text().splitlines() if line and not line.startswith("#")]
        return tuple(Pin(sha256=sha256, size_bytes=int(size), coordinate=name) for sha256, size, name in lines)
    except (OSError, ValueError) as fault:
        raise Misconfigured(f"{path} cannot be read as a list of pinned jars: take it from the repository.") from fault


def cache_folder() -> Path:
    """Where downloads are kept: NOTIFIER_CACHE_DIR, else `notifier` in the user's cache folder."""
    if own := os.environ.get("NOTIFIER_CACHE_DIR"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "notifier"


def fetch_jars(pins: tuple[Pin, ...], cache: Path, progress: Progress = say_nothing) -> tuple[Path, ...]:
    """Return the checked jars in the order of the pins, downloaded when missing; Misconfigured says what to do.

    `progress` is called from several threads, and what it raises breaks the download off.
    """
    folder = cache / f"kafka-{_name(pins)}"
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise Misconfigured(f"The cache folder {cache} cannot be made: set NOTIFIER_CACHE_DIR.") from fault
    if not folder.exists():
        _fetch(pins, folder, progress)
    check(pins, folder, f"remove {folder} and start again")
    return tuple(folder / pin.file for pin in pins)


def check(pins: tuple[Pin, ...], folder: Path, advice: str) -> None:
    """Raise Misconfigured, with the advice, when a jar is missing or its bytes are not those that were pinned."""
    for pin in pins:
        jar = folder / pin.file
        if not jar.exists() or sha256_of(jar) != pin.sha256:
            raise Misconfigured(f"{jar} is not the {pin.coordinate} that was pinned: {advice}.")


def sha256_of(path: Path) -> str:
    """Return the digest of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _name(pins: tuple[Pin, ...]) -> str:
    return hashlib.sha256("".join(pin.sha256 for pin in pins).encode()).hexdigest()[:12]


def _fetch(pins: tuple[Pin, ...], folder: Path, progress: Progress) -> None:
    lock = _take_turn(folder.parent / "download.lock", progress)
    try:
        if not folder.exists():
            _download(pins, folder, progress)
    finally:
        os.close(lock)


def _take_turn(lock: Path, progress: Progress) -> int:
    """Lock the file once no other run downloads; it is said that this one waits."""
    busy = f"Another run holds {lock}: stop it first."
    for _ in range(DOWNLOAD_LIMIT // PAUSE):
        with suppress(Misconfigured):
            return take(lock, AT_ONCE, busy)
        progress("Kafka: another run on this machine is fetching it, this one waits")
        time.sleep(PAUSE.total_seconds())
    raise Misconfigured(busy)


def _download(pins: tuple[Pin, ...], folder: Path, progress: Progress) -> None:
    """Download aside, check, then rename: the folder exists only whole."""
    from notifier.embedded import maven  # noqa: PLC0415 - 0.2 s and a library that most starts do without

    counted = Download(len(pins), sum(pin.size_bytes for pin in pins), progress)
    counted.begin()
    unfinished = folder.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir()
        found = maven.download((pin.coordinate for pin in pins), unfinished / "repository", counted)
        for pin in pins:
            found[pin.coordinate].rename(unfinished / pin.file)
        check(pins, unfinished, "ask who stands between this machine and Maven, the download is not used")
        shutil.rmtree(unfinished / "repository")
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
