"""What batches are judged under, read again every second: policy, freshness, halts, withheld units."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import msgspec

from notifier.dispatch.bounds import Monotonic
from notifier.domain.circumstances import Circumstances
from notifier.domain.freshness import Freshness
from notifier.domain.halts import Halt
from notifier.domain.policy import Policy


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What PostgreSQL knows of them."""

    freshness: Freshness
    halts: tuple[Halt, ...]
    withheld_units: frozenset[tuple[str, str]]


class Surveyor(Protocol):
    """Reads them."""

    async def survey(self) -> Surroundings:
        """Give them as they are."""


class Outlooks:
    """Gives the circumstances at an instant; what was read is used for a second (B28 allows five)."""

    def __init__(
        self,
        surveyor: Surveyor,
        policy: Policy,
        wall: Callable[[], datetime],
        monotonic: Monotonic,
        fresh_for: timedelta = timedelta(seconds=1),
    ) -> None:
        self._surveyor = surveyor
        self._policy = policy
        self._wall = wall
        self._monotonic = monotonic
        self._fresh_for_seconds = fresh_for.total_seconds()
        self._read_at = float("-inf")
        self._known: Surroundings | None = None

    @property
    def halts(self) -> tuple[Halt, ...]:
        """Give the halts as last read."""
        return () if self._known is None else self._known.halts

    async def at(self, now: datetime) -> Circumstances:
        """Give the circumstances; raises Unavailable where they cannot be read and are too old."""
        if self._known is None or self._monotonic() - self._read_at > self._fresh_for_seconds:
            began = self._monotonic()
            self._known, self._read_at = await self._surveyor.survey(), began
        return Circumstances(
            policy=self._policy,
            freshness=self._known.freshness,
            halts=self._known.halts,
            withheld_units=self._known.withheld_units,
            now=now,
            day=self._wall().astimezone(UTC).date(),
        )
