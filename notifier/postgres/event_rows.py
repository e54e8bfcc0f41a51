"""Rows of events and their notices, as opening writes them: by COPY, hundreds at once."""

from collections.abc import Iterable
from datetime import datetime

from notifier.domain.ends import Course, Ended
from notifier.domain.matters import Opened, Settled
from notifier.domain.plans import Opening
from notifier.domain.verdicts import Push, Verdict
from notifier.postgres.copying import (
    DAY,
    FLAG,
    KEY,
    LONG,
    NULL,
    copy_packed,
    days,
    instant_field,
    int_field,
    microseconds,
    row_struct,
    text_field,
    word_field,
)
from notifier.postgres.pool import Connection

OpenedRow = tuple[Opened, Course]
NoticeRow = tuple[Opening, Settled]

_EVENT_TABLE = (
    *("day", "key", "subject", "matter_key", "happened_at", "visible", "proxies_allowed", "live_asked", "opened_at"),
    *("useful_until", "about_child", "legacy", "source", "id", "type", "matter", "unit", "region", "catalogue"),
    *("policy", "happens_at", "held_reason", "rejudge_at", "end_due_at", "ended_as", "ended_reason", "ended_at"),
)
_NOTICE_TABLE = ("day", "event", "id", "recipient", "about", "decided_at", "verdict", "reason")
_EVENT = row_struct(DAY, KEY, LONG, KEY, LONG, FLAG, FLAG, FLAG, LONG, LONG, FLAG, FLAG)
_NOTICE = row_struct(DAY, KEY, LONG, LONG, LONG, LONG)
_NO_END = NULL * 3


async def insert_events(
    connection: Connection, rows: Iterable[OpenedRow], catalogue: str, policy: int, rejudge_at: datetime
) -> None:
    """Write one row per event opened."""
    terms = word_field(catalogue) + int_field(policy)
    packed = (_event_row(opened.opening, course, terms, rejudge_at) for opened, course in rows)
    await copy_packed(connection, "event", _EVENT_TABLE, packed)


def _event_row(opening: Opening, course: Course, terms: bytes, rejudge_at: datetime) -> bytes:
    event, ended = opening.event, course.ended
    beginning = _EVENT.pack(
        *(27, 4, days(opening.day), 16, event.key, 8, opening.subject, 16, event.matter_key),
        *(8, microseconds(event.time), 1, event.visible_to_subject, 1, event.proxies_allowed, 1, event.live_asked),
        *(8, microseconds(opening.opened_at), 8, microseconds(opening.useful_until)),
        *(1, opening.about_child, 1, opening.legacy),
    )
    return b"".join((
        beginning,
        text_field(event.source),
        text_field(event.id),
        word_field(event.type.name),
        text_field(event.matter),
        text_field(event.unit),
        word_field(event.region),
        terms,
        instant_field(event.happens_at),
        word_field(course.held),
        NULL if course.held is None else instant_field(rejudge_at),
        instant_field(course.due_at),
        _NO_END if ended is None else _end_fields(ended, opening.opened_at),
    ))  # fmt: skip


def _end_fields(ended: Ended, at: datetime) -> bytes:
    return word_field(ended.end) + word_field(ended.reason) + instant_field(at)


async def insert_notices(connection: Connection, rows: Iterable[NoticeRow], decided_at: datetime) -> None:
    """Write one row per recipient considered."""
    at = microseconds(decided_at)
    await copy_packed(connection, "notice", _NOTICE_TABLE, (_notice_row(opening, one, at) for opening, one in rows))


def _notice_row(opening: Opening, settled: Settled, at: int) -> bytes:
    verdict, planned = settled.verdict, settled.planned
    decision = planned.decision
    return (
        _NOTICE.pack(
            *(8, 4, days(opening.day), 16, opening.event.key, 8, planned.notice),
            *(8, decision.recipient, 8, decision.about, 8, at),
        )
        + word_field(_name(verdict))
        + word_field(_reason(verdict))
    )


def judged_row(opening: Opening, settled: Settled, decided_at: datetime) -> tuple[object, ...]:
    """Give what judging again stores of a notice."""
    verdict, planned = settled.verdict, settled.planned
    return (
        *(opening.day, opening.event.key, planned.notice, planned.decision.recipient, planned.decision.about),
        *(_name(verdict), _reason(verdict), decided_at),
    )


def _name(verdict: Verdict) -> str:
    return type(verdict).__name__.lower()


def _reason(verdict: Verdict) -> str | None:
    return None if isinstance(verdict, Push) else verdict.reason
