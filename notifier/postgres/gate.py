"""Position and gate: the two locks at the head of the house's order."""

from collections.abc import Mapping, Sequence
from datetime import date

from notifier.dispatch.batches import Fates, Span
from notifier.domain.identifiers import EventKey
from notifier.postgres.pool import Connection
from notifier.postgres.queries import query


async def advance_positions(connection: Connection, spans: Sequence[Span]) -> bool:
    """Move every position of the batch, or say that one has moved already."""
    moved = await connection.fetch(
        query("advance_positions"),
        [span.topic for span in spans],
        [span.partition for span in spans],
        [span.expected for span in spans],
        [span.next_offset for span in spans],
    )
    return len(moved) == len(spans)


async def pass_gate(connection: Connection, digests: Mapping[EventKey, bytes], day: date) -> dict[EventKey, bytes]:
    """Enter the keys that are new; give the digests of those that were there before (I2)."""
    if not digests:
        return {}
    keys = list(digests)
    rows = await connection.fetch(query("pass_gate"), keys, list(digests.values()), day)
    if len(rows) == len(keys):
        return {}
    entered = {row["key"] for row in rows}
    known = await connection.fetch(query("read_gate"), [key for key in keys if key not in entered])
    return {row["key"]: row["digest"] for row in known}


async def leave_gate(connection: Connection, keys: Sequence[EventKey]) -> None:
    """Take keys of dead letters out again (A4)."""
    if keys:
        await connection.execute(query("leave_gate"), keys)


async def add_totals(connection: Connection, day: date, fates: Mapping[tuple[str, int], Fates]) -> None:
    """Count each partition's records by fate (A6)."""
    rows = sorted(fates.items())
    await connection.execute(
        query("add_totals"),
        day,
        [topic for (topic, _), _ in rows],
        [partition for (_, partition), _ in rows],
        [fate.records for _, fate in rows],
        [fate.opened for _, fate in rows],
        [fate.marks for _, fate in rows],
        [fate.duplicates for _, fate in rows],
        [fate.dead_letters for _, fate in rows],
    )
