"""How fast something goes at present."""

from collections.abc import Callable

_SMOOTHING = 0.3


class Pace:
    """Counts completions and gives their rate, smoothed over windows of half a second or more."""

    def __init__(self, monotonic: Callable[[], float], window_seconds: float = 0.5) -> None:
        self._monotonic = monotonic
        self._window_seconds = window_seconds
        self._since = monotonic()
        self._count = 0
        self._rate = 0.0

    @property
    def per_second(self) -> float:
        """Give completions a second, as they were last measured."""
        return self._rate

    def count(self) -> None:
        """Note one completion; thousands a second, so that no clock is read here."""
        self._count += 1

    def measure(self) -> None:
        """End a window if it is long enough; to be called whenever the rate is about to matter."""
        elapsed = self._monotonic() - self._since
        if elapsed >= self._window_seconds and self._count:
            rate = self._count / elapsed
            self._rate = rate if self._rate == 0 else self._rate + _SMOOTHING * (rate - self._rate)
            self._since += elapsed
            self._count = 0
