"""What phones missed or showed too late is owed to them: a removal, or the newest badge (R2, R14)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import asyncpg

from notifier.dispatch.recorder import Record
from notifier.domain.reasons import Reason
from notifier.postgres.days import distinct, open_days
from notifier.postgres.pool import Connection, Pool, transaction
from notifier.postgres.queries import query

_BY_MARKS = (Reason.ALREADY_HANDLED, Reason.WITHDRAWN)
"""What ends a delivery without forbidding what was shown; the removal of what is forbidden is at once (A30)."""


class Mendings:
    """Mends what nobody is left to record."""

    def __init__(self, pool: Pool, grace: timedelta) -> None:
        self._pool = pool
        self._grace = grace

    async def mend_abandoned(self, now: datetime, most: int = 500) -> int:
        """Treat what ended in the hands of a process that died as shown too late; give how many. Raises Unavailable.

        Dead is who has said nothing within `grace` of the end of its lease. If it lives, the removal is owed twice.
        """
        async with transaction(self._pool) as connection:
            days = open_days(now.astimezone(UTC).date())
            rows = await connection.fetch(query("find_abandoned"), self._grace, days, most)
            if rows:
                keys = [[row[name] for row in rows] for name in ("day", "event", "notice", "id", "lease")]
                await connection.execute(query("settle_ended"), *keys, distinct(row["day"] for row in rows))
                await mend_phones(connection, (), rows)
        return len(rows)


async def mend_phones(connection: Connection, shown: Sequence[Record], rows: Iterable[asyncpg.Record]) -> None:
    """Owe removals of what ended before it showed, given each row as it was, and badges that moved on meanwhile."""
    late = [row for row in rows if row["was"] not in ("waiting", "accepted")]
    if late:
        await _remove(connection, [*await _find_handled(connection, late), *filter(_is_over, late)])
    if shown:
        await connection.execute(
            query("repair_badges"),
            [one.due.recipient for one in shown],
            [one.due.device for one in shown],
            [one.badge.version for one in shown],
        )


def _is_forbidden(row: asyncpg.Record) -> bool:
    return row["was"] == "cancelled" and row["reason"] not in _BY_MARKS


def _is_over(row: asyncpg.Record) -> bool:
    """Say whether it must go whatever else its matter shows: it is forbidden, or its time has passed."""
    return _is_forbidden(row) or row["was"] == "expired"


async def _find_handled(connection: Connection, late: Sequence[asyncpg.Record]) -> list[asyncpg.Record]:
    """Keep what its matter has ended and is still handled: one that is unread again shows under the same id (A28)."""
    ended = [row for row in late if not _is_over(row)]
    if not ended:
        return []
    unread = await connection.fetch(
        query("find_unread"),
        [row["day"] for row in ended],
        [row["event"] for row in ended],
        [row["recipient"] for row in ended],
        distinct(row["day"] for row in ended),
    )
    counted = {(row["event"], row["recipient"]) for row in unread}
    return [row for row in ended if (row["event"], row["recipient"]) not in counted]


async def _remove(connection: Connection, rows: Sequence[asyncpg.Record]) -> None:
    if rows:
        recipients, collapse_ids = [row["recipient"] for row in rows], [row["collapse_id"] for row in rows]
        await connection.execute(query("owe_quiet_pushes"), recipients, collapse_ids, any(map(_is_forbidden, rows)))
