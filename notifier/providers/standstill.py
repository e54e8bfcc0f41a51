"""A lane that was told something which concerns all of it stands still, instead of being told so by each push."""

from collections.abc import Callable
from datetime import timedelta

import msgspec

from notifier.domain.pushes import Again, Outcome
from notifier.wire.reactions import Reaction, Row

_ABOUT_ONE = frozenset({Reaction.DONE, Reaction.FAIL, Reaction.FORGET})
"""A provider that judges a push by itself has nothing against the lane."""
ASKED_AGAIN = timedelta(minutes=1)
"""One push so often asks whether what stopped the lane was mended."""


class Standstill:
    """Answers for the provider while the lane stands still."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._told: Outcome | None = None
        self._until = 0.0

    @property
    def told(self) -> Outcome | None:
        """Give what every push comes to while the lane stands still; None while it does not."""
        return self._told

    def ask(self) -> Outcome | None:
        """Give what a push comes to now; None where it may go, which after a wait is one push alone."""
        if self._told is None:
            return None
        left_seconds = self._until - self._monotonic()
        if left_seconds <= 0:
            self._until = self._monotonic() + ASKED_AGAIN.total_seconds()
            return None
        if isinstance(self._told, Again):
            return msgspec.structs.replace(self._told, after=timedelta(seconds=left_seconds))
        return self._told

    def hear(self, row: Row) -> None:
        """Stand still, or go on, as an answer says."""
        outcome = row.outcome
        if row.reaction is Reaction.STOP:
            self._stand(outcome, ASKED_AGAIN)
        elif row.reaction is Reaction.SLOW and isinstance(outcome, Again) and outcome.after is not None:
            self._stand(outcome, outcome.after)
        elif self._told is not None and row.reaction in _ABOUT_ONE:
            self._told = None

    def _stand(self, told: Outcome, length: timedelta) -> None:
        self._told, self._until = told, self._monotonic() + length.total_seconds()
