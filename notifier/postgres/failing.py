"""Deliveries that will never be sent, and the events of which they were the last hope (B6)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from notifier.domain.statuses import Status
from notifier.postgres.days import distinct
from notifier.postgres.endings import tell_row
from notifier.postgres.pool import Connection
from notifier.postgres.queries import query
from notifier.postgres.steps import put_steps, steps_of

EndedRow = Mapping[str, Any] | asyncpg.Record
"""Day, event and reason of a delivery that ended."""


async def end_deliveries(connection: Connection, columns: Sequence[object], now: datetime) -> list[Status]:
    """End deliveries (key columns, states, reasons, distinct days), and the events of which nobody was told."""
    ended = await connection.fetch(query("end_deliveries"), *columns)
    await put_steps(connection, steps_of(ended, "not sent", now))
    return await end_untold(connection, ended, now)


async def end_untold(
    connection: Connection, ended: Sequence[Mapping[str, Any] | asyncpg.Record], now: datetime
) -> list[Status]:
    """End the events of these deliveries if none of theirs is left and nobody was told (B6)."""
    if not ended:
        return []
    days, keys = [row["day"] for row in ended], [row["event"] for row in ended]
    await connection.execute(query("lock_events"), distinct(days), keys)
    rows = await connection.fetch(
        query("end_untold_events"),
        days,
        keys,
        [row["reason"] for row in ended],
        now,
        distinct(days),
    )
    return [tell_row(row, now) for row in rows]
