"""Lines appended to a file, buffered for 50 ms."""

import asyncio
import os
from pathlib import Path
from typing import Self

FLUSH_EACH_SECONDS = 0.05
MOST_BUFFERED = 4096


class Lines:
    """An append-only writer; what is buffered is written each 50 ms, when 4,096 lines wait, and at close."""

    def __init__(self, descriptor: int) -> None:
        """Write to an open file descriptor."""
        self._descriptor = descriptor
        self._waiting: list[bytes] = []

    @classmethod
    def open(cls, path: Path) -> Self:
        """Append to the file at `path`, readable by its owner only."""
        return cls(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600))

    def write(self, line: bytes) -> None:
        """Take one line, with its line break."""
        self._waiting.append(line)
        if len(self._waiting) >= MOST_BUFFERED:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        rest = memoryview(b"".join(self._waiting))
        self._waiting.clear()
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    async def flush_regularly(self) -> None:
        """Flush until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_EACH_SECONDS)
            if self._waiting:
                self.flush()
