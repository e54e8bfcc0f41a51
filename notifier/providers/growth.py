"""Whether one more connection is worth it: there must be need for a while, and the last one must have helped."""

from collections.abc import Callable

TRIAL_SECONDS = 1.0
"""How long need lasts before it counts, and how long a new connection has to show what it brings."""
WORTH = 1.05
"""So many times as many answers a second make it worth it; else the limit is elsewhere, perhaps our own."""
FUTILE_SECONDS = 300.0
"""So long nothing is tried again after one that brought nothing."""


class Growth:
    """Is asked whenever a push found no room though more in flight on the connections there are would not help."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._answers_before = 0
        self._since = self._next_at = float("-inf")
        self._rate_before: float | None = None

    def ask(self, answers: int) -> bool:
        """Say whether to add a connection now; `answers` counts all that there ever were."""
        now = self._monotonic()
        if now < self._next_at:
            return False
        span_seconds = now - self._since
        rate = (answers - self._answers_before) / span_seconds
        lasted = span_seconds < 2 * TRIAL_SECONDS
        futile = lasted and self._rate_before is not None and rate < self._rate_before * WORTH
        self._since, self._answers_before = now, answers
        self._rate_before = rate if lasted and not futile else None
        self._next_at = now + (FUTILE_SECONDS if futile else TRIAL_SECONDS)
        return lasted and not futile
