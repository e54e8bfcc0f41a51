"""Reading one partition: batches in offset order, each tried until it is taken."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import OffsetOutOfRangeError

from notifier.dispatch.intake_port import RecordTaker
from notifier.dispatch.patience import Patience
from notifier.domain.faults import Misconfigured
from notifier.kafka.connections import unavailability
from notifier.kafka.leniency import REFUSALS, leniency
from notifier.kafka.positions import find_positions
from notifier.kafka.records import as_raw
from notifier.wire.records import RawRecord

FENCE_PAUSE = timedelta(seconds=3)
"""One heartbeat: who lost its partition has heard of it by then; who still has it asks where it stands."""
_POLL_MS = 60_000


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """What the readers of a consumer share."""

    consumer: AIOKafkaConsumer
    taker: RecordTaker
    patience: Patience
    slots: asyncio.Semaphore
    """Bounds the batches in hand over all partitions."""
    max_records: int


class Reader:
    """Reads one assigned partition from where it stands.

    While a batch is in hand nothing more is asked for: the client then holds at most one fetch of this partition,
    and goes on fetching the others and keeping our place in the group.
    """

    def __init__(self, desk: Desk, partition: TopicPartition, position: int) -> None:
        self._desk = desk
        self._partition = partition
        self._leaving = False
        self._handling = False
        self.position = position

    def begin(self, group: asyncio.TaskGroup) -> None:
        """Read from the position until `leave`."""
        self._desk.consumer.seek(self._partition, self.position)
        self._task = group.create_task(self._run())

    def leave(self) -> None:
        """Stop: at once when nothing is in hand, else after the batch in hand."""
        self._leaving = True
        if not self._handling:
            self._task.cancel()

    async def _run(self) -> None:
        while not self._leaving:
            records = await self._desk.patience.insist(self._read)
            next_offset = await self._desk.consumer.position(self._partition)
            if next_offset == self.position:
                continue
            if await self._hand_over(next_offset, records):
                self.position = next_offset
            elif not self._leaving:
                await self._find_place()

    async def _read(self) -> Sequence[RawRecord]:
        """Wait for records; none only where the position moved over a gap, or nothing came for long."""
        with unavailability():
            try:
                return await self._fetch()
            except REFUSALS:
                self._desk.consumer.seek(self._partition, self.position)
                with leniency():
                    return await self._fetch()
            except OffsetOutOfRangeError:
                topic, number = self._partition
                raise Misconfigured(
                    f"Topic {topic}, partition {number}: the log does not have offset {self.position}, and what was "
                    "lost is never guessed: start once with `notifier run --from earliest`."
                ) from None

    async def _fetch(self) -> Sequence[RawRecord]:
        most = self._desk.max_records
        batches = await self._desk.consumer.getmany(self._partition, timeout_ms=_POLL_MS, max_records=most)
        return [as_raw(record) for record in batches.get(self._partition, ())]

    async def _hand_over(self, next_offset: int, records: Sequence[RawRecord]) -> bool:
        topic, number = self._partition

        async def attempt() -> bool:
            async with self._desk.slots:
                self._handling = True
                try:
                    return await self._desk.taker.handle(topic, number, self.position, next_offset, records)
                finally:
                    self._handling = False
                    self._step_out()

        return await self._desk.patience.insist(attempt)

    def _step_out(self) -> None:
        """A batch that waits for its next try is not in hand: leaving need not wait for it."""
        if self._leaving:
            self._task.cancel()

    async def _find_place(self) -> None:
        """After a fence: the partition is not ours, or it is and its position moved while a reply was lost."""
        await asyncio.sleep(FENCE_PAUSE.total_seconds())
        found = await find_positions(self._desk.consumer, self._desk.taker, self._desk.patience, [self._partition])
        self.position = found[self._partition]
        self._desk.consumer.seek(self._partition, self.position)
