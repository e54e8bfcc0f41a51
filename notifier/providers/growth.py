"""Whether one more connection is worth it: there must be need for a while, and the last one must have helped."""

from collections.abc import Callable

TRIAL_SECONDS = 1.0
"""How long need lasts before it counts, and how long a new connection has to show what it brings."""
WORTH = 0.5
"""Of what its share would be: a third connection is worth it if it brings a quarter more answers a second."""
FUTILE_SECONDS = 300.0
"""So long nothing is tried again after one that brought too little: the limit is elsewhere, perhaps our own."""


class Growth:
    """Is asked whenever a push fills the last place though more in flight on the connections there are is no use."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._answers_before = 0
        self._since = self._next_at = float("-inf")
        self._rate_before: float | None = None

    def ask(self, answers: int, connections: int) -> int:
        """Say how many connections to add now: 1, 0, or -1 for the last one; `answers` counts all that ever came."""
        now = self._monotonic()
        if now < self._next_at:
            return 0
        span_seconds = now - self._since
        rate = (answers - self._answers_before) / span_seconds
        lasted = span_seconds < 2 * TRIAL_SECONDS
        wanted = None if self._rate_before is None else self._rate_before * (1 + WORTH / max(connections - 1, 1))
        self._since, self._answers_before, self._rate_before = now, answers, None
        self._next_at = now + TRIAL_SECONDS
        if not lasted:
            return 0
        if wanted is not None and rate < wanted:
            self._next_at = now + FUTILE_SECONDS
            return -1
        self._rate_before = rate
        return 1
