"""Where the projections stand, how fresh they are, and their rebuilds (A8, B21)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from notifier.dispatch.stretches import Span
from notifier.domain.freshness import Freshness
from notifier.postgres.pool import Connection, Pool, connection, transaction
from notifier.postgres.queries import query

Seal = Callable[[bytes], bytes]
"""Seals a record that could not be used, under the key of dead letters (B40)."""


class Claim(NamedTuple):
    """A position that is locked by this transaction."""

    rebuild_to: int | None
    generation: int


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where one partition of a projection stands."""

    next_offset: int
    rebuild_to: int | None
    complete_to: datetime | None
    read_at: datetime


class Tally(msgspec.Struct, kw_only=True):
    """What the waves of a stretch changed."""

    applied: int = 0
    arrived: int = 0
    gone: int = 0


class Positions:
    """The positions of the compacted topics."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def ensure(self, topic: str, partitions: Sequence[int]) -> None:
        """Make a row for every partition, also those that nobody has read yet."""
        async with transaction(self._pool) as held:
            await held.execute(query("ensure_projection_positions"), topic, partitions)

    async def read(self, topic: str) -> dict[int, Standing]:
        """Give where each partition stands."""
        async with connection(self._pool) as held:
            rows = await held.fetch(query("read_projection_positions"), topic)
        return {
            row["partition"]: Standing(
                next_offset=row["next_offset"],
                rebuild_to=row["rebuild_to"],
                complete_to=row["complete_to"],
                read_at=row["read_at"],
            )
            for row in rows
        }

    async def begin_rebuild(self, topic: str, offsets: Mapping[int, tuple[int, int]]) -> None:
        """Read every partition anew from its first to its second offset; what is not seen then is gone (TRAPS)."""
        partitions = sorted(offsets)
        async with transaction(self._pool) as held:
            await held.execute(query("lock_projection_positions"), topic)
            starts, ends = [offsets[one][0] for one in partitions], [offsets[one][1] for one in partitions]
            await held.execute(query("begin_rebuild"), topic, partitions, starts, ends)

    async def freshness(self, residents: str, proxies: str) -> Freshness:
        """Give up to when each projection is complete."""
        async with connection(self._pool) as held:
            return await read_freshness(held, residents, proxies)


async def read_freshness(held: Connection, residents: str, proxies: str) -> Freshness:
    """Give up to when each projection is complete, the least over its partitions."""
    rows = await held.fetch(query("read_freshness"), [residents, proxies])
    known = {row["topic"]: row["complete_to"] for row in rows}
    return Freshness(residents_complete_to=known.get(residents), proxies_complete_to=known.get(proxies))


async def claim(held: Connection, span: Span) -> Claim | None:
    """Lock the position; None where another process has moved it."""
    row = await held.fetchrow(query("claim_projection_position"), span.topic, span.partition, span.expected)
    return None if row is None else Claim(row["rebuild_to"], row["generation"])


async def advance(held: Connection, span: Span, tally: Tally, seal: Seal, now: datetime) -> None:
    """Move the position and store what could not be used; poison of a projection goes to the table only (A9)."""
    await held.execute(
        query("advance_projection_position"),
        span.topic,
        span.partition,
        span.next_offset,
        span.complete_to,
        span.records,
        tally.applied,
        span.stale(tally.applied),
        span.tests,
        span.heartbeats,
        len(span.letters),
        tally.arrived - tally.gone,
    )
    if span.letters:
        await _bury(held, span, seal, now)


async def _bury(held: Connection, span: Span, seal: Seal, now: datetime) -> None:
    letters = span.letters
    await held.execute(
        query("insert_dead_letters"),
        now.date(),
        [letter.position.topic for letter in letters],
        [letter.position.partition for letter in letters],
        [letter.position.offset for letter in letters],
        [letter.reason for letter in letters],
        [letter.field for letter in letters],
        [letter.source for letter in letters],
        [letter.id for letter in letters],
        [seal(letter.raw) for letter in letters],
        now,
    )


async def is_rebuilt(held: Connection, topic: str) -> bool:
    """Say whether every partition has passed the end of its rebuild, so that the sweep is due."""
    return await held.fetchval(query("find_rebuilt_generation"), topic) is not None
