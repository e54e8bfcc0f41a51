"""Our side of the account (I12): records by fate, deliveries by state, all of one moment."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import asyncpg

from notifier.dispatch.accounting import Books, Ledgered, Stretch
from notifier.postgres.pool import Connection, Pool, connection
from notifier.postgres.queries import query


class StoredBooks:
    """Reads the books and carries the independent count on."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def read(self) -> Books:
        """Give the books of one moment: positions, totals and deliveries move in the same transactions."""
        async with connection(self._pool) as held:
            await held.execute(query("open_spans"))
            async with held.transaction(isolation="repeatable_read", readonly=True):
                return await _read_books(held)

    async def carry(self, stretch: Stretch, records: int) -> None:
        """Remember that a stretch was counted to its end."""
        async with connection(self._pool) as held:
            await held.execute(query("carry_count"), stretch.id, stretch.counted_to, stretch.end, records)


async def total_deliveries(held: Connection, days: Sequence[date]) -> None:
    """Move the states of these days to the totals; call it right before their partitions are dropped (B45)."""
    await held.execute(query("total_deliveries"), days)


async def begin_stretches(held: Connection, topic: str, starts: Mapping[int, int]) -> None:
    """Call before the positions of a topic are moved back to `starts`, in the same transaction (A5).

    What was read so far keeps its own count; what is read again is counted again, on both sides.
    """
    partitions = sorted(starts)
    await held.execute(query("open_spans"))
    await held.execute(query("close_spans"), topic)
    await held.execute(query("begin_spans"), topic, partitions, [starts[partition] for partition in partitions])


async def _read_books(held: Connection) -> Books:
    totals = await held.fetch(query("read_delivery_totals"))
    deliveries = _by_day((row["day"], row["fate"], row["deliveries"]) for row in totals if row["fate"] != "planned")
    rows = await held.fetch(query("count_deliveries"))
    deliveries |= _by_day((row["day"], row["state"], row["deliveries"]) for row in rows)
    return Books(
        partitions=[_as_ledgered(row) for row in await held.fetch(query("read_ledgered"))],
        stretches=[_as_stretch(row) for row in await held.fetch(query("read_spans"))],
        planned={row["day"]: row["deliveries"] for row in totals if row["fate"] == "planned"},
        deliveries=deliveries,
        replays={row["fate"]: row["letters"] for row in await held.fetch(query("count_replays"))},
    )


def _by_day(rows: Iterable[tuple[date, str, int]]) -> dict[date, dict[str, int]]:
    found: dict[date, dict[str, int]] = {}
    for day, state, deliveries in rows:
        found.setdefault(day, {})[state] = deliveries
    return found


def _as_ledgered(row: asyncpg.Record) -> Ledgered:
    return Ledgered(
        topic=row["topic"],
        partition=row["partition"],
        first=row["first_offset"],
        position=row["next_offset"],
        records=row["records"],
        opened=row["opened"],
        marks=row["marks"],
        duplicates=row["duplicates"],
        dead_letters=row["dead_letters"],
    )


def _as_stretch(row: asyncpg.Record) -> Stretch:
    return Stretch(
        id=row["id"],
        topic=row["topic"],
        partition=row["partition"],
        first=row["first_offset"],
        end=row["end_offset"],
        counted_to=row["counted_to"],
        counted=row["counted"],
    )
