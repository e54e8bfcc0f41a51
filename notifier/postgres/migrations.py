"""Numbered SQL, applied once, in order, under a lock, so that two processes may start at once."""

import hashlib
from collections.abc import Mapping

from notifier.domain.faults import Misconfigured
from notifier.postgres.pool import Connection, Pool, transaction

_LOCK = 0x6E6F7469
"""Advisory lock of migrations: "noti"."""
_LONGEST_SECONDS = 3600.0
"""An index over days of deliveries takes its time."""


async def migrate(pool: Pool, files: Mapping[str, str]) -> list[str]:
    """Apply what is missing and give the names applied; a changed file that was applied before is refused."""
    applied = []
    async with transaction(pool) as connection:
        await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
        known = await _read_applied(connection)
        for name, text in sorted(files.items()):
            digest = hashlib.sha256(text.encode()).digest()
            if name not in known:
                await connection.execute(text, timeout=_LONGEST_SECONDS)
                await connection.execute("insert into migration (name, digest) values ($1, $2)", name, digest)
                applied.append(name)
            elif known[name] != digest:
                raise Misconfigured(
                    f"schemas/migrations/{name} was changed after it was applied; add a new file instead"
                )
    return applied


async def find_missing(pool: Pool, files: Mapping[str, str]) -> list[str]:
    """Give the migrations that this database lacks."""
    async with transaction(pool) as connection:
        known = await _read_applied(connection)
    return sorted(set(files) - set(known))


async def _read_applied(connection: Connection) -> dict[str, bytes]:
    await connection.execute(
        "create table if not exists migration "
        "(name text primary key, digest bytea not null, applied_at timestamptz not null default clock_timestamp())"
    )
    return {row["name"]: row["digest"] for row in await connection.fetch("select name, digest from migration")}
