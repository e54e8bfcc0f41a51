"""The stop button's rows: one person halts, two resume, each with an audit row (B28, A37)."""

from datetime import timedelta

import msgspec

from notifier.domain.halts import Halt
from notifier.postgres.audit import write_audit
from notifier.postgres.pool import Pool, connection, transaction
from notifier.postgres.queries import query

BOTH_WITHIN = timedelta(minutes=15)
"""The second person confirms at most this long after the first asked (A37)."""


class Resumption(msgspec.Struct, frozen=True, kw_only=True):
    """What came of asking to resume one scope: how many of its halts ended, and how many need somebody else."""

    resumed: int
    asked: int


async def put_halt(pool: Pool, halt: Halt, operator: str, reason: str) -> None:
    """Halt, from the commit on; what it stops is held, not lost."""
    async with transaction(pool) as held:
        await write_audit(held, operator, "halt", reason, name_scope(halt))
        await held.execute(query("put_halt"), *_columns(halt), reason, operator)


async def resume(pool: Pool, halt: Halt, operator: str, reason: str | None) -> Resumption:
    """End the halts of exactly this scope that somebody else asked to end lately; ask for the others."""
    async with transaction(pool) as held:
        rows = await held.fetch(query("lock_halts"), *_columns(halt), operator, BOTH_WITHIN)
        confirmed = [row["id"] for row in rows if row["confirmed"]]
        fresh = [row["id"] for row in rows if not row["confirmed"] and not row["asked"]]
        if rows:
            await write_audit(held, operator, "resume" if confirmed else "ask to resume", reason, name_scope(halt))
        await held.execute(query("resume_halts"), confirmed, operator)
        await held.execute(query("ask_to_resume"), fresh, operator)
    return Resumption(resumed=len(confirmed), asked=len(rows) - len(confirmed))


async def read_halts(pool: Pool) -> tuple[Halt, ...]:
    """Give what is in force now."""
    async with connection(pool) as held:
        return tuple(Halt(**dict(row)) for row in await held.fetch(query("read_halts")))


def name_scope(halt: Halt) -> str:
    """Say what a halt stops: `push region=01`."""
    parts = {"region": halt.region, "type": halt.type, "source": halt.source}
    return " ".join([halt.channel, *(f"{name}={value}" for name, value in parts.items() if value is not None)])


def _columns(halt: Halt) -> tuple[str, str | None, str | None, str | None]:
    return (halt.channel, halt.region, halt.type, halt.source)
