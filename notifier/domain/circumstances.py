"""What a batch is judged under."""

from datetime import date, datetime

import msgspec

from notifier.domain.freshness import Freshness
from notifier.domain.halts import Halt
from notifier.domain.policy import Policy


class Circumstances(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch is judged under; the same for all of it."""

    policy: Policy
    freshness: Freshness
    halts: tuple[Halt, ...]
    withheld_units: frozenset[tuple[str, str]] = frozenset()
    """(sending region, unit) whose events ombud never learn of (A15)."""
    now: datetime
    day: date
    """Of opening (UTC), by the real time: a clock that was moved leads to no partition that is not there (A34)."""
