"""Writing what a batch opens: one statement per table for hundreds of events."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from notifier.domain.ends import Course
from notifier.domain.matters import Opened, Settled
from notifier.domain.plans import Delivery, NoticeRef, Opening
from notifier.domain.reasons import Reason
from notifier.domain.verdicts import Push, Skip
from notifier.postgres.pool import Connection
from notifier.postgres.queries import query

_OVER = frozenset({Reason.ALREADY_HANDLED, Reason.WITHDRAWN, Reason.SUPERSEDED})
OpenedRow = tuple[Opened, Course]
NoticeRow = tuple[Opening, Settled]
DeliveryRow = tuple[NoticeRef, int, Delivery]
"""Its notice, the recipient, the delivery."""


async def insert_events(
    connection: Connection, rows: Sequence[OpenedRow], catalogue: str, policy: int, rejudge_at: datetime
) -> None:
    """Write one row per event opened."""
    if not rows:
        return
    openings = [opened.opening for opened, _ in rows]
    events = [opening.event for opening in openings]
    courses = [course for _, course in rows]
    await connection.execute(
        query("insert_events"),
        [opening.day for opening in openings],
        [event.key for event in events],
        [event.source for event in events],
        [event.id for event in events],
        [event.type.name for event in events],
        [event.digest for event in events],
        [opening.subject for opening in openings],
        [event.matter for event in events],
        [event.matter_key for event in events],
        [event.unit for event in events],
        [event.region for event in events],
        [event.time for event in events],
        [event.happens_at for event in events],
        [event.visible_to_subject for event in events],
        [event.proxies_allowed for event in events],
        [event.live_asked for event in events],
        [opening.opened_at for opening in openings],
        [opening.useful_until for opening in openings],
        [opening.about_child for opening in openings],
        [opening.legacy for opening in openings],
        catalogue,
        policy,
        [course.held for course in courses],
        [None if course.held is None else rejudge_at for course in courses],
        [course.due_at for course in courses],
        [course.ended and course.ended.end for course in courses],
        [course.ended and course.ended.reason for course in courses],
    )


async def insert_notices(connection: Connection, rows: Sequence[NoticeRow], decided_at: datetime) -> None:
    """Write one row per recipient considered."""
    if not rows:
        return
    decisions = [settled.planned.decision for _, settled in rows]
    await connection.execute(
        query("insert_notices"),
        [opening.day for opening, _ in rows],
        [opening.event.key for opening, _ in rows],
        [settled.planned.notice for _, settled in rows],
        [decision.recipient for decision in decisions],
        [decision.about for decision in decisions],
        [type(settled.verdict).__name__.lower() for _, settled in rows],
        [None if isinstance(settled.verdict, Push) else settled.verdict.reason for _, settled in rows],
        [decided_at] * len(rows),
    )


async def insert_deliveries(connection: Connection, rows: Sequence[DeliveryRow], lease: timedelta) -> None:
    """Write one row per push, waiting, before anything is sent (I1)."""
    if not rows:
        return
    await connection.execute(
        query("insert_deliveries"),
        [ref.day for ref, _, _ in rows],
        [ref.event for ref, _, _ in rows],
        [ref.notice for ref, _, _ in rows],
        [delivery.id for _, _, delivery in rows],
        [recipient for _, recipient, _ in rows],
        [delivery.device for _, _, delivery in rows],
        [delivery.lane for _, _, delivery in rows],
        [delivery.loudness for _, _, delivery in rows],
        [delivery.text_key for _, _, delivery in rows],
        [delivery.collapse_id for _, _, delivery in rows],
        [delivery.expires_at for _, _, delivery in rows],
        [delivery.sealed for _, _, delivery in rows],
        [delivery.leased for _, _, delivery in rows],
        lease,
    )


async def insert_fallbacks(connection: Connection, rows: Sequence[NoticeRow]) -> None:
    """Write what a later channel owes; while every region is `legacy` it is born terminal, not ours (A26)."""
    owed = [(opening, settled, settled.planned.decision.fallback) for opening, settled in rows]
    due = [(opening, s, fallback) for opening, s, fallback in owed if fallback is not None and not _is_over(s)]
    if not due:
        return
    await connection.execute(
        query("insert_fallbacks"),
        [opening.day for opening, _, _ in due],
        [opening.event.key for opening, _, _ in due],
        [settled.planned.notice for _, settled, _ in due],
        [settled.planned.decision.recipient for _, settled, _ in due],
        [fallback.after for _, _, fallback in due],
        [fallback.deadline_at for _, _, fallback in due],
        [opening.opened_at if not fallback.after else None for opening, _, fallback in due],
        ["not_ours"] * len(due),
    )


def _is_over(settled: Settled) -> bool:
    """Say whether the matter's state has made a fallback needless: handled, withdrawn or superseded (I5)."""
    return isinstance(settled.verdict, Skip) and settled.verdict.reason in _OVER
