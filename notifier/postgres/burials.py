"""Dead letters as operators see them: masked, or opened for a purpose with an audit row (B24)."""

from collections.abc import Callable
from datetime import datetime

import asyncpg
import msgspec

from notifier.postgres.audit import write_audit
from notifier.postgres.pool import Pool, connection, transaction
from notifier.postgres.queries import query


class Burial(msgspec.Struct, frozen=True, kw_only=True):
    """A dead letter without its record; source and id only where they passed the scan."""

    id: int
    created_at: datetime
    topic: str
    partition: int
    record_offset: int
    reason: str
    field: str | None
    source: str | None
    event_id: str | None
    replayed_as: str | None
    replayed_at: datetime | None
    sealed_bytes: int | None
    """None once the record is no longer kept."""


async def list_burials(pool: Pool, *, reason: str | None, topic: str | None, most: int) -> list[Burial]:
    """Give the newest dead letters, of one reason or topic if asked."""
    async with connection(pool) as held:
        return [_read(row) for row in await held.fetch(query("list_dead_letters"), reason, topic, most)]


async def read_burial(pool: Pool, id: int) -> Burial | None:
    """Give one dead letter, masked."""
    async with connection(pool) as held:
        row = await held.fetchrow(query("read_dead_letter"), id)
    return None if row is None else _read(row)


async def open_burial(
    pool: Pool,
    id: int,
    *,
    operator: str,
    purpose: str,
    unseal: Callable[[bytes], bytes],
) -> bytes | None:
    """Give the record of a dead letter after writing who opened it and why; None where there is none."""
    async with transaction(pool) as held:
        await write_audit(held, operator, "open dead letter", purpose, str(id))
        row = await held.fetchrow(query("read_dead_letter"), id)
    return None if row is None or row["record"] is None else unseal(row["record"])


def _read(row: asyncpg.Record) -> Burial:
    return msgspec.convert({name: row[name] for name in Burial.__struct_fields__}, Burial)
