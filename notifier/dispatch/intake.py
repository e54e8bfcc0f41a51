"""The path of a batch of records, on one screen (DESIGN 3)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from notifier.dispatch.batches import Batch, Fenced, Opened, OpenResult, Span
from notifier.dispatch.bounds import Monotonic
from notifier.dispatch.facts import BatchHalved, Observe, PartitionFenced
from notifier.dispatch.fleet import Fleet
from notifier.dispatch.gleanings import markers_of, subjects_of, tell_opened
from notifier.dispatch.planning import Planner
from notifier.domain.circumstances import Circumstances
from notifier.domain.faults import Misconfigured, Poison, Unavailable
from notifier.domain.identifiers import EventKey, PersonId, Pseudonym
from notifier.domain.people import Audience
from notifier.domain.plans import Opening
from notifier.domain.reasons import DeadLetterReason
from notifier.wire.records import Decoded, RawRecord, bury, position_of
from notifier.wire.references import mention

_MOST_DOUBTS = 4
"""Batches in doubt that are kept per partition; the deliveries of others wait until their leases end."""


class Directory(Protocol):
    """Who might learn of what."""

    async def audience_of(self, subjects: Sequence[Pseudonym], now: datetime) -> Mapping[Pseudonym, Audience]:
        """Give each subject's audience in one query; a subject nobody knows gets a person without a record."""

    async def find(self, people: Sequence[Pseudonym]) -> Mapping[Pseudonym, PersonId]:
        """Give the ids of those who are known."""


class Ledger(Protocol):
    """What is ours."""

    async def open(self, batch: Batch) -> OpenResult:
        """Make a batch ours in one transaction, or say that its position has moved."""

    async def position(self, topic: str, partition: int) -> int | None:
        """Give where the partition is to be read from."""

    async def release_events(self, batch: Batch, keys: Sequence[EventKey]) -> None:
        """Make the very deliveries of a batch claimable, if its COMMIT went through without a reply."""


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """Business time, which a sandbox can move; the real time; and a clock for durations (DESIGN 5, A34)."""

    now: Callable[[], datetime]
    wall: Callable[[], datetime]
    monotonic: Monotonic


class Intake(msgspec.Struct, frozen=True, kw_only=True):
    """Takes batches of one partition, in offset order, through steps 1 to 5."""

    decode: Callable[[Sequence[RawRecord], datetime], Decoded]
    directory: Directory
    circumstances: Callable[[datetime], Awaitable[Circumstances]]
    planner: Planner
    ledger: Ledger
    fleet: Fleet
    clocks: Clocks
    observe: Observe
    doubts: dict[tuple[str, int], list[Batch]] = msgspec.field(default_factory=dict)
    """Batches of a partition that may have been committed without a reply, the first few since one was told."""

    async def handle(
        self, topic: str, partition: int, expected: int, next_offset: int, records: Sequence[RawRecord]
    ) -> bool:
        """Make records ours and start sending; False where the partition has another owner.

        Raises Unavailable where nothing was stored and the same is to be tried again.
        """
        span = Span(topic=topic, partition=partition, expected=expected, next_offset=next_offset)
        return await self._take(span, records)

    async def _take(self, span: Span, records: Sequence[RawRecord]) -> bool:
        began = self.clocks.monotonic()
        decoded = self.decode(records, self.clocks.now())
        try:
            return await self._open(span, records, decoded, began)
        except (Unavailable, Misconfigured):
            raise
        except Exception as fault:  # noqa: BLE001 - one bad event never stops a batch (DESIGN 3)
            return await self._halve(span, records, fault)

    async def _open(self, span: Span, records: Sequence[RawRecord], decoded: Decoded, began: float) -> bool:
        decoded_at = self.clocks.monotonic()
        now = self.clocks.now()
        audiences = await self.directory.audience_of(subjects_of(decoded), now)
        people = await self.directory.find(markers_of(decoded))
        around = await self.circumstances(now)
        known_at = self.clocks.monotonic()
        raw = {position_of(record): record for record in records}
        with self.fleet.book() as rooms:
            batch = self.planner.within(rooms).plan((span,), decoded, raw, audiences, people, around)
            planned_at = self.clocks.monotonic()
            result = await self._commit(batch)
        if isinstance(result, Fenced):
            return await self._recover(span)
        await self.fleet.offer(result.due, decoded_at)  # what was read of people may be used this long (A30)
        steps = (began, decoded_at, known_at, planned_at, self.clocks.monotonic())
        self.observe(tell_opened(span, decoded, result, steps, self.clocks.wall()))
        return True

    async def _commit(self, batch: Batch) -> OpenResult:
        place = batch.spans[0].topic, batch.spans[0].partition
        try:
            result = await self.ledger.open(batch)
        except Unavailable:
            doubts = self.doubts.setdefault(place, [])
            doubts += [batch] if len(doubts) < _MOST_DOUBTS else []
            raise
        if isinstance(result, Opened):
            self.doubts.pop(place, None)
        return result

    async def _recover(self, span: Span) -> bool:
        """After a fence, let go of what a lost COMMIT of ours opened; say whether the position stands behind us.

        Another owner may have opened the same records, and its deliveries are not ours to release.
        """
        place = span.topic, span.partition
        for batch in self.doubts.get(place, ()):
            keys = [item.work.event.key for item in batch.items if isinstance(item.work, Opening)]
            await self.ledger.release_events(batch, keys)
        self.doubts.pop(place, None)
        if await self.ledger.position(*place) == span.next_offset:
            return True
        self.observe(PartitionFenced(topic=span.topic, partition=span.partition))
        return False

    async def _halve(self, span: Span, records: Sequence[RawRecord], fault: Exception) -> bool:
        """Try each half apart; a single record that can never work becomes a dead letter (DESIGN 3)."""
        self.observe(
            BatchHalved(topic=span.topic, partition=span.partition, records=len(records), fault=type(fault).__name__)
        )
        if len(records) <= 1:
            return await self._bury(span, records)
        middle = len(records) // 2
        border = records[middle].offset
        first = msgspec.structs.replace(span, next_offset=border)
        second = msgspec.structs.replace(span, expected=border)
        return await self._take(first, records[:middle]) and await self._take(second, records[middle:])

    async def _bury(self, span: Span, records: Sequence[RawRecord]) -> bool:
        poison = Poison(DeadLetterReason.UNPROCESSABLE)
        decoded = Decoded(reads=(), letters=tuple(bury(record, poison, *mention(record)) for record in records))
        around = await self.circumstances(self.clocks.now())
        result = await self._commit(self.planner.plan((span,), decoded, {}, {}, {}, around))
        return isinstance(result, Opened)
