"""Held events, found and judged again (A7), and events whose end is due (A25)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import asyncpg

from notifier.dispatch.admission import record_of
from notifier.dispatch.batches import Batch, Item, Opened
from notifier.dispatch.claims import HeldEvent, Noticed
from notifier.dispatch.outlook import Outlook, foresee, tally
from notifier.domain.catalogue import EventType
from notifier.domain.ends import Course, Ended
from notifier.domain.identifiers import EventKey, MatterKey, PersonId
from notifier.domain.matters import Opened as OpenedEvent
from notifier.domain.plans import Opening
from notifier.domain.reasons import End
from notifier.domain.statuses import Status
from notifier.postgres.claiming import read_event
from notifier.postgres.days import distinct, open_days
from notifier.postgres.endings import end_superseded, tell_row
from notifier.postgres.event_rows import judged_row
from notifier.postgres.failing import end_untold
from notifier.postgres.matters import resolve_matters
from notifier.postgres.noticing import settle_badges, write_deliveries
from notifier.postgres.outbox import put_statuses
from notifier.postgres.pool import Connection, Pool, connection, transaction
from notifier.postgres.queries import query
from notifier.postgres.recording import count_ends
from notifier.postgres.steps import judged_step, put_steps

EndRow = dict[str, Any]
"""Day, event, reason and end of an event that is to end: the columns that ending asks for."""


class Holdings:
    """The events that wait."""

    def __init__(self, pool: Pool, types: Mapping[str, EventType], status_topic: str) -> None:
        self._pool = pool
        self._types = types
        self._status_topic = status_topic

    async def find_held(self, now: datetime, most: int) -> list[HeldEvent]:
        """Give held events that are due, with the notices they have."""
        days = open_days(now.astimezone(UTC).date())
        async with connection(self._pool) as held:
            rows = await held.fetch(query("find_held_events"), now, days, most, list(self._types))
            if not rows:
                return []
            notices = await _read_notices(held, rows)
        return [
            HeldEvent(
                day=row["day"],
                event=read_event(row, self._types, row["key"], row["id"]),
                opened_at=row["opened_at"],
                notices=notices.get(row["key"], {}),
            )
            for row in rows
        ]

    async def reopen(self, batch: Batch) -> Opened:
        """Store what judging again made of those that nobody else judged or ended meanwhile."""
        async with transaction(self._pool) as held:
            items = await _still_held(held, batch.items)
            admitted: dict[MatterKey, list[Item]] = {}
            for item in items:
                admitted.setdefault(record_of(item).matter_key, []).append(item)
            outlook = foresee(await resolve_matters(held, admitted, batch.day))
            await _judge_notices(held, batch, outlook)
            written = await write_deliveries(held, batch, outlook)
            statuses = await self._settle(held, batch, outlook)
            await put_statuses(held, self._status_topic, statuses)
            due = await settle_badges(held, written)
        return Opened(due=tuple(due), fates={}, reasons=tally(outlook.notices), ends=count_ends(statuses), quiet=False)

    async def put_off(self, held: HeldEvent, until: datetime) -> None:
        """Leave an event held, to be judged again no earlier than that."""
        async with connection(self._pool) as free:
            await free.execute(query("put_off_held_event"), held.day, held.event.key, until)

    async def _settle(self, held: Connection, batch: Batch, outlook: Outlook) -> list[Status]:
        """Store the courses; an event that told nobody ends only if no earlier notice of it is on its way."""
        await held.execute(
            query("settle_held_events"),
            [one.opening.day for one, _ in outlook.opened],
            [one.opening.event.key for one, _ in outlook.opened],
            [course.held for _, course in outlook.opened],
            [batch.rejudge_at if course.held else None for _, course in outlook.opened],
            [one.opening.about_child for one, _ in outlook.opened],
            [one.opening.legacy for one, _ in outlook.opened],
            distinct(one.opening.day for one, _ in outlook.opened),
        )
        handled = [_row(one, course.ended) for one, course in outlook.opened if _is_handled(course)]
        untold = [_row(one, course.ended) for one, course in outlook.opened if course.ended and not _is_handled(course)]
        return [
            *await _end_handled(held, handled, batch.now),
            *await end_superseded(held, (*outlook.replaced, *outlook.replaced_here), batch.now),
            *await end_untold(held, untold, batch.now),
        ]

    async def end_due(self, now: datetime, most: int = 500) -> int:
        """End the events whose time has come; give how many were looked at."""
        async with transaction(self._pool) as held:
            rows = await held.fetch(query("end_due_events"), now, open_days(now.astimezone(UTC).date()), most)
            ended = [row for row in rows if row["ended_as"] is not None]
            await put_statuses(held, self._status_topic, [tell_row(row, now) for row in ended])
        return len(rows)


async def _judge_notices(held: Connection, batch: Batch, outlook: Outlook) -> None:
    rows = [judged_row(opening, settled, batch.now) for opening, settled in outlook.notices]
    await put_steps(held, (judged_step(opening, settled, batch) for opening, settled in outlook.notices))
    if rows:
        await held.execute(query("judge_notices"), *(list(column) for column in zip(*rows, strict=True)))


def _is_handled(course: Course) -> bool:
    return course.ended is not None and course.ended.end in (End.SEEN, End.WITHDRAWN)


def _row(opened: OpenedEvent, ended: Ended | None) -> EndRow:
    reason = None if ended is None else ended.reason
    return {
        "day": opened.opening.day,
        "event": opened.opening.event.key,
        "reason": reason,
        "ended_as": None if ended is None else ended.end,
    }


async def _end_handled(held: Connection, rows: Sequence[EndRow], now: datetime) -> list[Status]:
    if not rows:
        return []
    days, keys, ends = ([row[name] for row in rows] for name in ("day", "event", "ended_as"))
    ended = await held.fetch(query("end_handled_events"), days, keys, ends, now, distinct(days))
    return [tell_row(row, now) for row in ended]


async def _still_held(held: Connection, items: Sequence[Item]) -> list[Item]:
    """Lock the matters, then ask which of their events still wait."""
    matters = [record_of(item).matter_key for item in items]
    await held.execute(query("lock_known_matters"), matters)
    openings = [item.work for item in items if isinstance(item.work, Opening)]
    days, keys = sorted({opening.day for opening in openings}), [opening.event.key for opening in openings]
    waiting = {row["key"] for row in await held.fetch(query("still_held"), days, keys)}
    return [item for item in items if record_of(item).key in waiting]


async def _read_notices(held: Connection, rows: Sequence[asyncpg.Record]) -> dict[EventKey, dict[PersonId, Noticed]]:
    days, keys = sorted({row["day"] for row in rows}), [row["key"] for row in rows]
    notices: dict[EventKey, dict[PersonId, Noticed]] = {}
    for row in await held.fetch(query("read_notices"), days, keys):
        noticed = Noticed(id=row["id"], verdict=row["verdict"])
        notices.setdefault(row["event"], {})[row["recipient"]] = noticed
    return notices
