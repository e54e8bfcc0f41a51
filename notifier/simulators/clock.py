"""The clock of phones and expiry, which can run ahead; tokens of providers and of Google are judged by the real one."""

import time
from collections.abc import Callable


class Clock:
    """Seconds of the epoch, and how many of them it runs ahead."""

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        """Start with the real time."""
        self._real = real
        self.ahead_seconds = 0.0

    def now(self) -> float:
        """Give the time as phones have it."""
        return self._real() + self.ahead_seconds
