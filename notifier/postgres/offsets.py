"""Where each partition is read from: in PostgreSQL, whatever the group (A5)."""

from collections.abc import Mapping, Sequence
from datetime import date

from notifier.dispatch.batches import Batch
from notifier.domain.identifiers import EventKey
from notifier.postgres.pool import Pool, connection
from notifier.postgres.queries import query


class Positions:
    """Reads and founds the positions of intake."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def position(self, topic: str, partition: int) -> int | None:
        """Give the next offset of a partition, None where it has no position."""
        async with connection(self._pool) as held:
            offset: int | None = await held.fetchval(query("read_position"), topic, partition)
        return offset

    async def positions(self, topic: str) -> dict[int, int]:
        """Give the next offset of every partition that has a position."""
        async with connection(self._pool) as held:
            rows = await held.fetch(query("read_positions"), topic)
        return {row["partition"]: row["next_offset"] for row in rows}

    async def found(self, topic: str, starts: Mapping[int, int]) -> None:
        """Give partitions without a position one; those that have one keep it."""
        async with connection(self._pool) as held:
            await held.execute(query("found_positions"), topic, list(starts), list(starts.values()))

    async def rewind(self, topic: str, starts: Mapping[int, int]) -> None:
        """Move positions to the log's start: every record is counted again, and nothing is sent (A5)."""
        async with connection(self._pool) as held:
            await held.execute(query("rewind_positions"), topic, list(starts), list(starts.values()))

    async def release_events(self, batch: Batch, keys: Sequence[EventKey]) -> None:
        """Make the deliveries of a batch claimable whose COMMIT went through without a reply."""
        day: date = batch.day
        async with connection(self._pool) as held:
            await held.execute(query("release_events"), day, keys)
