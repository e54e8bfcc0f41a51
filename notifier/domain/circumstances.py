"""What a batch is judged under."""

from datetime import date, datetime
from functools import cached_property

import msgspec

from notifier.domain.freshness import Freshness
from notifier.domain.halts import Halt
from notifier.domain.people import Platform
from notifier.domain.policy import Policy


class Circumstances(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What a batch is judged under; the same for all of it."""

    policy: Policy
    freshness: Freshness
    halts: tuple[Halt, ...]
    withheld_units: frozenset[tuple[str, str]] = frozenset()
    """(sending region, unit) whose events ombud never learn of (A15)."""
    now: datetime
    day: date
    """Of opening (UTC), by the real time: a clock that was moved leads to no partition that is not there (A34)."""

    @cached_property
    def stale_borders(self) -> tuple[tuple[Platform, datetime], ...]:
        """Give, once for a batch, what the policy says of stale devices."""
        return self.policy.stale_borders(self.now)
