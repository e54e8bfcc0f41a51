"""Whether one more connection is worth it: there must be need for a while, and the last one must have helped."""

from collections.abc import Callable

TRIAL_SECONDS = 1.0
"""How long need lasts before it counts; a new connection has as long to grow, and then to show what it brings."""
WORTH = 0.25
"""Of what its share would be: a third connection is worth it if it brings an eighth more answers a second."""
FUTILE_SECONDS = 300.0
"""So long nothing is tried again after one that brought too little: the limit is elsewhere, perhaps our own."""


class Growth:
    """Is asked whenever a push fills the last place though more in flight on the connections there are is no use."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._answers_before = 0
        self._since = self._next_at = float("-inf")
        self._rate_before: float | None = None
        self._grown = False

    def ask(self, answers: int, connections: int, most: int) -> int:
        """Say how many connections to add now: 1, 0, or -1 for the last one; `answers` counts all that ever came."""
        now = self._monotonic()
        if now < self._next_at:
            return 0
        span_seconds = now - self._since
        rate = (answers - self._answers_before) / span_seconds
        self._since, self._answers_before = now, answers
        self._next_at = now + TRIAL_SECONDS
        if span_seconds >= 2 * TRIAL_SECONDS:  # there was no need for a while: what was known is old
            self._rate_before = None
            return 0
        if self._rate_before is not None and not self._grown:
            self._grown = True
            return 0
        return self._judge(rate, connections, most)

    def _judge(self, rate: float, connections: int, most: int) -> int:
        """Add one where the last one brought enough, or none was tried; take it away where it brought too little."""
        wanted = None if self._rate_before is None else self._rate_before * (1 + WORTH / max(connections - 1, 1))
        if wanted is not None and rate < wanted:
            self._rate_before, self._next_at = None, self._since + FUTILE_SECONDS
            return -1
        if connections >= most:
            self._rate_before = None
            return 0
        self._rate_before, self._grown = rate, False
        return 1
