"""What marks and newer events end: deliveries, events, fallbacks, and the shown pushes on the phones."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import asyncpg

from notifier.domain.ends import Ended
from notifier.domain.matters import Cancelled, Ending, Lowered
from notifier.domain.plans import NoticeRef
from notifier.domain.reasons import End, Reason
from notifier.domain.statuses import Status, tell_end
from notifier.postgres.days import distinct, open_days
from notifier.postgres.pool import Connection
from notifier.postgres.queries import query
from notifier.postgres.steps import put_steps, steps_of


async def end_superseded(connection: Connection, replaced: Sequence[NoticeRef], now: datetime) -> list[Status]:
    """End events of which every delivery was superseded (A25)."""
    if not replaced:
        return []
    events = sorted({(ref.day, ref.event) for ref in replaced})
    days, keys = [day for day, _ in events], [key for _, key in events]
    await connection.execute(query("lock_events"), distinct(days), keys)
    ended = await connection.fetch(query("end_superseded_events"), days, keys, now, distinct(days))
    return [tell_row(row, now) for row in ended]


async def end_marked(
    connection: Connection, endings: Sequence[Ending], cancelled: Sequence[Cancelled], day: date, now: datetime
) -> list[Status]:
    """End deliveries and events that marks cover; a notice's fallback ends with its event (I5)."""
    await _cancel(connection, cancelled, now)
    if not endings:
        return []
    ended = await connection.fetch(
        query("end_marked_events"),
        [ending.matter for ending in endings],
        [ending.end for ending in endings],
        [ending.at for ending in endings],
        now,
        open_days(day),
    )
    await cancel_fallbacks(connection, ended)
    return [tell_row(row, now) for row in ended]


async def _cancel(connection: Connection, cancelled: Sequence[Cancelled], now: datetime) -> None:
    if not cancelled:
        return
    ended = await connection.fetch(
        query("cancel_deliveries"),
        [one.notice.day for one in cancelled],
        [one.notice.event for one in cancelled],
        [one.notice.notice for one in cancelled],
        [one.reason for one in cancelled],
        distinct(one.notice.day for one in cancelled),
    )
    await put_steps(connection, steps_of(ended, "cancelled", now))


async def cancel_fallbacks(connection: Connection, ended: Iterable[asyncpg.Record]) -> None:
    """End what later channels owe for these events."""
    rows = list(ended)
    if rows:
        days, keys = distinct(row["day"] for row in rows), [row["key"] for row in rows]
        await connection.execute(query("cancel_fallbacks"), days, keys)


async def lower_badges(connection: Connection, lowered: Sequence[Lowered], *, urgent: bool = False) -> None:
    """Owe the devices of these recipients a lower badge and the removal of what they show."""
    if lowered:
        recipients = [one.recipient for one in lowered]
        await connection.execute(query("owe_quiet_pushes"), recipients, [one.collapse_id for one in lowered], urgent)


def tell_row(row: asyncpg.Record, now: datetime) -> Status:
    """Make the status of an end that a statement gave."""
    reason = row["ended_reason"]
    ended = Ended(end=End(row["ended_as"]), reason=None if reason is None else Reason(reason))
    return tell_end(
        row["key"], row["source"], row["id"], ended,
        about_child=row["about_child"], opened_at=row["opened_at"], now=now,
    )  # fmt: skip
