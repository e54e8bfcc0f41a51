"""The mass-change brake in the transaction that it brakes (B22, A10)."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Protocol, TypeVar

from notifier.dispatch.brakes import Brake, Kind, Tripped
from notifier.postgres.pool import Connection, Pool, transaction
from notifier.postgres.queries import query

_WAITING = {
    Kind.BLOCK_LIFTED: "lift_blocks",
    Kind.PROTECTION: "purge_protected",
    Kind.PROTECTION_LIFTED: "lift_protections",
}
"""Behind tombstones and deaths waits only the erasing, which asks the brake itself."""


class Counted(Protocol):
    """Work that knows which changes it made."""

    @property
    def kinds(self) -> Mapping[Kind, int]:
        """How many of each kind."""


Work = TypeVar("Work", bound=Counted)


class PostgresBrakes:
    """The brakes that are on, for the people who release them."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def release(self, topic: str, kind: Kind, now: datetime) -> bool:
        """Release a kind; False if it was not braked."""
        async with transaction(self._pool) as held:
            return bool(await held.fetch(query("release_brake"), topic, kind, now))

    async def let_through(self, kind: Kind, limit: int) -> int:
        """Do at most `limit` of what waited for a kind that is no longer braked; give how many."""
        if kind not in _WAITING:
            return 0
        async with transaction(self._pool) as held:
            if await held.fetchval(query("is_braked"), kind):
                return 0
            status: str = await held.execute(query(_WAITING[kind]), limit)
        return int(status.rsplit(maxsplit=1)[-1])


async def work_under_brakes(
    held: Connection, topic: str, brake: Brake, now: datetime, work: Callable[[frozenset[Kind]], Awaitable[Work]]
) -> tuple[Work, tuple[Tripped, ...]]:
    """Do the work in the caller's transaction; where it trips a brake, undo it and do it with that brake on."""
    row = await held.fetchrow(query("read_brakes"), topic)
    armed, on = bool(row and row["armed"]), frozenset(Kind(kind) for kind in row["kinds"]) if row else frozenset()
    attempt = held.transaction()
    await attempt.start()
    done = await work(on)
    tripped = await _count(held, topic, brake, now, done.kinds) if armed else ()
    if tripped:
        await attempt.rollback()
        done = await work(on | {one.kind for one in tripped})
        await _count(held, topic, brake, now, done.kinds)
        await held.execute(query("brake_changes"), topic, [one.kind for one in tripped], now)
    else:
        await attempt.commit()
    return done, tripped


async def _count(
    held: Connection, topic: str, brake: Brake, now: datetime, kinds: Mapping[Kind, int]
) -> tuple[Tripped, ...]:
    """Add to the hour and give the brakes that this trips."""
    counted = sorted(kind for kind, changes in kinds.items() if changes)
    if not counted:
        return ()
    rows = await held.fetch(query("count_changes"), topic, now, counted, [kinds[kind] for kind in counted])
    counts = ((Kind(row["kind"]), row["changes"], brake.limit(row["rows_before"])) for row in rows if not row["braked"])
    return tuple(Tripped(kind=kind, changes=made, limit=limit) for kind, made, limit in counts if made >= limit)
