"""What a long first start says meanwhile: finished sentences, to whoever wants to hear them."""

import asyncio
import threading
from collections.abc import Callable

Progress = Callable[[str], None]
"""Gets one finished English sentence, which takes the place of the one before."""

MEGABYTE = 1_000_000


def say_nothing(sentence: str) -> None:
    """Let nobody hear it."""


class Download:
    """How much of some files has come: several threads count, and each count is said."""

    def __init__(self, files: int, size_bytes: int, progress: Progress) -> None:
        self._files = files
        self._size_bytes = size_bytes
        self._progress = progress
        self._come_bytes: dict[str, int] = {}
        self._whole: set[str] = set()
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Say that nothing has come yet."""
        self._progress(self._sentence())

    def receive(self, file: str, count_bytes: int) -> None:
        """Count some more bytes of a file."""
        with self._lock:
            self._come_bytes[file] = self._come_bytes.get(file, 0) + count_bytes
            self._progress(self._sentence())

    def complete(self, file: str, size_bytes: int) -> None:
        """Count a file as whole, also one whose bytes were not counted on their way."""
        with self._lock:
            self._come_bytes[file] = size_bytes
            self._whole.add(file)
            self._progress(self._sentence())

    def _sentence(self) -> str:
        come, size = (round(count / MEGABYTE) for count in (sum(self._come_bytes.values()), self._size_bytes))
        return f"Kafka: {len(self._whole)} of {self._files} files, {come} of {size} MB fetched"


class Relay:
    """Carries sentences from other threads to the event loop, each new one once."""

    def __init__(self, progress: Progress) -> None:
        self._loop = asyncio.get_running_loop()
        self._progress = progress
        self._last = ""
        self._ended = False

    def __call__(self, sentence: str) -> None:
        """Pass it on; raises CancelledError in the calling thread once nobody waits for its work any more."""
        if self._ended:
            raise asyncio.CancelledError
        if sentence != self._last:
            self._last = sentence
            self._loop.call_soon_threadsafe(self._progress, sentence)

    def end(self) -> None:
        """Break off what still speaks."""
        self._ended = True
