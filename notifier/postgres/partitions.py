"""One partition per table and UTC day: made ahead by every role at start, dropped after retention (DESIGN 5)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from functools import partial

import asyncpg

from notifier.domain.faults import Unavailable
from notifier.postgres.pool import Connection, Pool, connection
from notifier.postgres.queries import query

DAYS_AHEAD = 14
LEAST_DAYS_AHEAD = 2
"""Below this `/readyz` fails."""
TABLES = ("event", "notice", "delivery", "fallback", "step")
_STORAGE = {
    "event": "fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02",
    "delivery": "fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02",
    "fallback": "fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02",
}
_LOCK = 0x70617274
_GUESS = 200_000.0
"""Rows a partition is planned as when no earlier one tells, and at least."""


async def make_partitions(pool: Pool, today: date, ahead: int = DAYS_AHEAD) -> None:
    """Make the days from yesterday to `ahead` days from now, safe beside other processes and running readers."""
    async with connection(pool) as held:
        await held.execute("select pg_advisory_lock($1)", _LOCK)
        try:
            for table in TABLES:
                await _make_missing(held, table, today, ahead)
        finally:
            await held.execute("select pg_advisory_unlock($1)", _LOCK)


async def count_days_ahead(pool: Pool, today: date) -> int:
    """Give for how many days after today every table has a partition."""
    async with connection(pool) as held:
        days = [await _read_days(held, table) for table in TABLES]
    present = set.intersection(*days)
    return next(count for count in range(10_000) if today + timedelta(days=count + 1) not in present)


async def list_days(pool: Pool, table: str) -> list[date]:
    """Give the days that a table has partitions for."""
    async with connection(pool) as held:
        return sorted(await _read_days(held, table))


async def drop_partitions(pool: Pool, before: date) -> list[str]:
    """Drop the days before `before`; what must outlive them was moved to totals first."""
    dropped = []
    async with connection(pool) as held:
        for table in TABLES:
            for day in sorted(await _read_days(held, table)):
                if day < before:
                    name = _partition(table, day)
                    await _patiently(held, partial(_drop, held, table, name))
                    dropped.append(name)
    return dropped


async def _make_missing(held: Connection, table: str, today: date, ahead: int) -> None:
    present = await _read_days(held, table)
    rows = max(await held.fetchval(query("rows_of_newest"), table) or 0, _GUESS)
    for offset in range(-1, ahead + 1):
        day = today + timedelta(days=offset)
        if day not in present:
            await _patiently(held, partial(_make, held, table, day))
    for day in await _read_days(held, table, "empty_days"):
        if day >= today:
            await _patiently(held, partial(_expect, held, table, day, rows))


async def _make(held: Connection, table: str, day: date) -> None:
    """Create standalone, then attach: `create … partition of` would wait for readers and make inserts wait."""
    name, after = _partition(table, day), day + timedelta(days=1)
    storage = f" with ({_STORAGE[table]})" if table in _STORAGE else ""
    await held.execute(f"create table if not exists {name} (like {table} including defaults){storage}")
    await held.execute(f"alter table {table} attach partition {name} for values from ('{day}') to ('{after}')")


async def _expect(held: Connection, table: str, day: date, rows: float) -> None:
    """Have an empty partition planned as the full one that it will be, also after somebody's VACUUM.

    Rows are guessed per page, so one page is left with nothing in it: no page would be no rows, whatever is said.
    """
    name = _partition(table, day)
    values = await held.fetchval(query("values_of_any_kind"), name, day.isoformat())
    attempt = held.transaction()
    await attempt.start()
    row = f"jsonb_populate_record(null::{name}, $1::jsonb)"
    await held.execute(f"insert into {name} select * from {row}", values)  # noqa: S608 - a name of ours and a day
    await attempt.rollback()
    await held.execute(query("expect_rows"), name, rows)


async def _drop(held: Connection, table: str, name: str) -> None:
    await held.execute(f"alter table {table} detach partition {name} concurrently")
    await held.execute(f"drop table {name}")


async def _patiently(held: Connection, work: Callable[[], Awaitable[None]], tries: int = 20) -> None:
    """Do DDL that gives up its place in the lock queue after 300 ms, so that inserts never wait behind it."""
    await held.execute("set lock_timeout = '300ms'")
    try:
        for attempt in range(tries):
            try:
                return await work()
            except asyncpg.LockNotAvailableError:
                await asyncio.sleep(0.1 * (attempt + 1))
        raise Unavailable("PostgreSQL: a partition could not be attached, the table was locked all the time")
    finally:
        await held.execute("reset lock_timeout")


async def _read_days(held: Connection, table: str, statement: str = "attached_days") -> set[date]:
    rows = await held.fetch(query(statement), table)
    return {date.fromisoformat(row["day"]) for row in rows}


def _partition(table: str, day: date) -> str:
    return f"{table}_{day:%Y%m%d}"
