"""How many requests a connection has in flight at one time: more while replies stay quick, half after a refusal."""

from collections.abc import Callable

import msgspec

FIRST_IN_FLIGHT = 100
"""On a connection of which nothing is known yet."""
SLOW_FACTOR = 2.0
"""Replies that take so many times as long as the quickest ones are held up somewhere: more in flight would not help."""
SLOW_SECONDS = 0.010
"""And so much longer at least: below that it is our own turn of the loop."""
FORGET_SECONDS = 30.0
"""The quickest reply is that of the last one or two spans of this length: networks and providers change."""
SMOOTH_SECONDS = 0.25
"""Replies count by the time that they cover, not by their number: one stop of ours delays hundreds at once."""
STOPPED_SHARE = 1 / 8
"""And most that a reply counts which was under way when the last one came: it may have waited for us, not for them."""
_HALF_WAY = 0.5
_NEARLY = 0.9
_GROWTH = 0.25
_STEP = 8.0


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """Between what a window moves."""

    first: int = FIRST_IN_FLIGHT
    """Slow replies alone never make it narrower."""
    least: int = 1
    most: int = 400
    """Below the provider's stream limit, which pyreqwest does not tell."""


class Window:
    """Additive increase, multiplicative decrease (as TCP has it), by reply time and refusals."""

    def __init__(self, bounds: Bounds, monotonic: Callable[[], float]) -> None:
        self._bounds, self._monotonic = bounds, monotonic
        self.limit = bounds.first
        """How many may be in flight."""
        self._limit = float(bounds.first)
        self._steady = False
        self._reply_seconds = 0.0
        self._quickest = _Quickest()
        self._heard_at = float("-inf")
        self._changed_at = monotonic()

    @property
    def narrow(self) -> bool:
        """Say whether refusals made it narrower than it began."""
        return self._limit < self._bounds.first

    @property
    def reply_seconds(self) -> float:
        """Give the reply time, smoothed; 0 before the first."""
        return self._reply_seconds

    @property
    def slow(self) -> bool:
        """Say whether replies take much longer than they did."""
        return self._takes_longer(1.0)

    @property
    def spent(self) -> bool:
        """Say whether more in flight would bring no more: it is as wide as it may be, or replies became slow."""
        return self._limit >= self._bounds.most or self.slow

    def hear(self, took_seconds: float, in_flight: int) -> None:
        """Learn from an answer how long it took, and how many were under way just before it.

        What a refusal took comes back with every answer: a lane with little to do must not look ill for ever.
        """
        now = self._monotonic()
        gap_seconds = now - self._heard_at
        share = min(gap_seconds / SMOOTH_SECONDS, STOPPED_SHARE if took_seconds >= gap_seconds else 1.0)
        self._heard_at = now
        self._reply_seconds += (took_seconds - self._reply_seconds) * share
        self._quickest.hear(self._reply_seconds, now)
        # Answers come in batches: what one of them adds is filled only after the others were heard.
        if in_flight < self._limit * (_NEARLY if self._steady else _HALF_WAY) and not self.narrow:
            return
        if self.slow:
            self._shrink(0.9, min(self._bounds.first, self._limit), now)
        elif self._takes_longer(_HALF_WAY):
            pass  # neither quick nor slow: it would only swing
        else:
            step = _STEP / self._limit if self._steady else _GROWTH
            self._set(min(self._limit + step, self._bounds.most))

    def refuse(self) -> None:
        """Learn that the provider, or the way to it, had too much."""
        self._shrink(0.5, self._bounds.least, self._monotonic())

    def _takes_longer(self, share: float) -> bool:
        """Say whether replies take longer than the quickest by this share of what makes them slow."""
        quickest = self._quickest.seconds
        return self._reply_seconds - quickest > max(quickest * (SLOW_FACTOR - 1), SLOW_SECONDS) * share

    def _shrink(self, factor: float, least: float, now: float) -> None:
        """Shrink once a reply time: what is in flight now knows nothing of it yet."""
        self._steady = True
        if now - self._changed_at >= self._reply_seconds:
            self._set(max(self._limit * factor, least))
            self._changed_at = now

    def _set(self, limit: float) -> None:
        self._limit, self.limit = limit, int(limit)


class _Quickest:
    """The least reply time of this span and of the one before."""

    def __init__(self) -> None:
        self._before = self._now = float("inf")
        self._since = float("-inf")

    @property
    def seconds(self) -> float:
        return min(self._before, self._now)

    def hear(self, seconds: float, now: float) -> None:
        if now - self._since >= FORGET_SECONDS:
            self._before, self._now, self._since = self._now, seconds, now
        elif seconds < self._now:
            self._now = seconds
