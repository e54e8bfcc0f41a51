"""A record taker that fences by a position table in PostgreSQL, as the ledger does, and remembers what it took."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from notifier.dispatch.batches import Fates, Span
from notifier.dispatch.patience import Patience
from notifier.kafka.connections import Cluster
from notifier.kafka.consumer import ConsumerSettings, open_consumer
from notifier.postgres.gate import add_totals, advance_positions
from notifier.postgres.intake_positions import IntakePositions
from notifier.postgres.pool import Pool, transaction
from notifier.wire.records import RawRecord

Place = tuple[str, int]


class Shelf:
    """What all takers of a test took together, in the order of the commits."""

    def __init__(self) -> None:
        self.records: dict[Place, list[RawRecord]] = defaultdict(list)
        self.changed = asyncio.Condition()

    def values(self) -> list[bytes | None]:
        return [record.value for records in self.records.values() for record in records]

    async def holds(self, count: int, within: float = 20) -> None:
        """Return when so many records were taken."""
        async with asyncio.timeout(within), self.changed:
            await self.changed.wait_for(lambda: len(self.values()) >= count)


class FencedTaker:
    """Moves the position by compare-and-set in one transaction and takes the records only if that succeeds."""

    def __init__(self, pool: Pool, shelf: Shelf) -> None:
        self._pool = pool
        self._positions = IntakePositions(pool)
        self.shelf = shelf
        self.open = asyncio.Event()
        self.open.set()
        self.assigned = 0
        self.fenced = 0
        self.taken = 0

    async def positions(self, topic: str, starts: Mapping[int, int]) -> Mapping[int, int]:
        found_at = await self._positions.positions(topic, starts)
        self.assigned += 1
        return found_at

    async def handle(
        self, topic: str, partition: int, expected: int, next_offset: int, records: Sequence[RawRecord]
    ) -> bool:
        await self.open.wait()
        span = Span(topic=topic, partition=partition, expected=expected, next_offset=next_offset)
        async with transaction(self._pool) as connection:
            if not await advance_positions(connection, [span]):
                self.fenced += 1
                return False
            await self.meet()
        self.taken += len(records)
        async with self.shelf.changed:
            self.shelf.records[topic, partition].extend(records)
            self.shelf.changed.notify_all()
        return True

    async def meet(self) -> None:
        """What a test lets happen inside the transaction."""


class CountingTaker(FencedTaker):
    """Counts each record as opened, in the transaction that moves the position."""

    async def handle(
        self, topic: str, partition: int, expected: int, next_offset: int, records: Sequence[RawRecord]
    ) -> bool:
        fates = {(topic, partition): Fates(records=len(records), opened=len(records))}
        span = Span(topic=topic, partition=partition, expected=expected, next_offset=next_offset)
        async with transaction(self._pool) as held:
            if not await advance_positions(held, [span]):
                return False
            await add_totals(held, datetime.now(UTC).date(), fates)
        async with self.shelf.changed:
            self.shelf.records[topic, partition].extend(records)
            self.shelf.changed.notify_all()
        return True


async def found(pool: Pool, topic: str, partitions: int = 1) -> None:
    """Let the topic be known, to be read from 0."""
    await IntakePositions(pool).rewind(topic, dict.fromkeys(range(partitions), 0))


def patience() -> Patience:
    return Patience(part="kafka", chance=lambda: 0.5, observe=lambda _fact: None)


@asynccontextmanager
async def reading(cluster: Cluster, topic: str, taker: object, **settings: object) -> AsyncIterator[asyncio.Task[None]]:
    """Read the topic beside the block and stop cleanly after it."""
    stop = asyncio.Event()
    chosen = ConsumerSettings(cluster=cluster, group=f"{topic}-readers", topics=(topic,), **settings)
    async with open_consumer(chosen, taker, patience()) as consumer:
        running = asyncio.create_task(consumer.run(stop))
        try:
            yield running
        finally:
            stop.set()
            await asyncio.wait([running], timeout=30)
    if not running.cancelled() and running.exception() is None:
        await running
