"""Reading a compacted topic into its projection: where from, how decoded, and when rebuilt (DESIGN 8, TRAPS)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

import msgspec

from notifier.dispatch.brakes import Brake
from notifier.dispatch.projections import Projection
from notifier.dispatch.stretches import Change, Stretch
from notifier.domain.faults import Poison
from notifier.wire.heartbeats import Heartbeat, decode_heartbeat, is_heartbeat
from notifier.wire.records import DeadLetter, RawRecord, bury

Rows = TypeVar("Rows")


class Standing(Protocol):
    """Where one partition of a projection stands."""

    @property
    def next_offset(self) -> int:
        """Give the offset to read next."""

    @property
    def read_at(self) -> datetime:
        """Give when it was last read from."""


class Positions(Protocol):
    """The positions of compacted topics."""

    async def ensure(self, topic: str, partitions: Sequence[int]) -> None:
        """Make a row for every partition."""

    async def read(self, topic: str) -> Mapping[int, Standing]:
        """Give where each partition stands."""

    async def begin_rebuild(self, topic: str, offsets: Mapping[int, tuple[int, int]]) -> None:
        """Read every partition anew from its first to its second offset."""


class Feed(msgspec.Struct, Generic[Change, Rows], frozen=True, kw_only=True):
    """Takes records of one compacted topic."""

    topic: str
    positions_of: Positions
    projection: Projection[Change, Rows]
    decode: Callable[[RawRecord], Change]
    ends: Callable[[str], Awaitable[Mapping[int, int]]]
    """Gives the end of each partition: what a rebuild must have read."""
    brake: Brake
    now: Callable[[], datetime]
    sweep: Callable[[], Awaitable[object]]
    tombstones_kept: timedelta = timedelta(hours=20)
    """Away for longer, a reader may have missed tombstones: below Kafka's `delete.retention.ms` of a day (TRAPS)."""

    async def positions(self, topic: str, starts: Mapping[int, int]) -> Mapping[int, int]:
        """Give where to read from; a topic never read, or left for too long, is rebuilt by mark and sweep."""
        standing = await self.positions_of.read(topic)
        if set(starts) - set(standing) or self._is_overdue(standing, starts):
            ends = await self.ends(topic)
            await self.positions_of.ensure(topic, sorted(ends))
            await self.positions_of.begin_rebuild(topic, {one: (starts.get(one, 0), ends[one]) for one in ends})
            standing = await self.positions_of.read(topic)
            await self.sweep()
        return {one: standing[one].next_offset for one in starts}

    async def handle(
        self, topic: str, partition: int, expected: int, next_offset: int, records: Sequence[RawRecord]
    ) -> bool:
        """Apply records with their position; False where another process has moved it."""
        now = self.now()
        stretch = self._read(topic, partition, expected, next_offset, records, now)
        applied = await self.projection.apply(stretch, self.brake, now)
        if applied is not None and applied.rebuilt:
            await self.sweep()
        return applied is not None

    def _is_overdue(self, standing: Mapping[int, Standing], starts: Mapping[int, int]) -> bool:
        """Say whether the log has moved past a position, or it was left for so long that tombstones may be gone."""
        known = [(standing[one], start) for one, start in starts.items() if one in standing]
        return any(one.next_offset < start or self.now() - one.read_at > self.tombstones_kept for one, start in known)

    def _read(
        self,
        topic: str,
        partition: int,
        expected: int,
        next_offset: int,
        records: Sequence[RawRecord],
        now: datetime,
    ) -> Stretch[Change]:
        changes: list[Change] = []
        heartbeats: list[Heartbeat] = []
        letters: list[DeadLetter] = []
        for record in records:
            try:
                if is_heartbeat(record):
                    heartbeats.append(decode_heartbeat(record, now))
                else:
                    changes.append(self.decode(record))
            except Poison as poison:
                letters.append(bury(record, poison))
        return Stretch(
            topic=topic,
            partition=partition,
            expected=expected,
            next_offset=next_offset,
            changes=tuple(changes),
            heartbeats=tuple(heartbeats),
            letters=tuple(letters),
        )
