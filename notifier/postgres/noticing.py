"""Deliveries with their fallbacks and badges: what opening and judging again write alike."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from notifier.dispatch.batches import Badge, Batch, Due
from notifier.dispatch.outlook import Outlook, make_due, plan_deliveries, ref_of
from notifier.domain.identifiers import PersonId
from notifier.domain.plans import NoticeRef
from notifier.domain.verdicts import Loudness
from notifier.postgres.pool import Connection
from notifier.postgres.queries import query
from notifier.postgres.rows import insert_deliveries, insert_fallbacks
from notifier.postgres.steps import put_steps, steps_of


async def write_deliveries(connection: Connection, batch: Batch, outlook: Outlook) -> list[Due]:
    """Write them with all that follows; give those born leased, each with its recipient's newest badge."""
    planned = plan_deliveries(outlook, await supersede(connection, outlook.replaced, batch.now))
    deliveries = [(ref_of(opening, s), s.planned.decision.recipient, delivery) for opening, s, delivery in planned]
    if deliveries:
        clock = await connection.fetchval(query("read_clock"))
        await insert_deliveries(connection, deliveries, clock, clock + batch.lease)
    gone = await supersede(connection, outlook.replaced_here, batch.now)
    await insert_fallbacks(connection, outlook.notices)
    badges = await move_badges(connection, outlook.badges)
    await count_planned(connection, [ref.day for ref, _, _ in deliveries])
    return [
        make_due(opening, s, delivery, badges[s.planned.decision.recipient])
        for opening, s, delivery in planned
        if delivery.leased and ref_of(opening, s) not in gone
    ]


async def count_planned(connection: Connection, days: Sequence[date]) -> None:
    """Count what was planned apart from its rows, per day of opening (I12)."""
    for day, deliveries in sorted(Counter(days).items()):
        await connection.execute(query("add_planned"), day, deliveries)


async def supersede(connection: Connection, replaced: Sequence[NoticeRef], now: datetime) -> dict[NoticeRef, Loudness]:
    """End the waiting deliveries of notices that newer ones replace; give how loud they were to be (A23)."""
    if not replaced:
        return {}
    ended = await connection.fetch(
        query("supersede_deliveries"),
        [ref.day for ref in replaced],
        [ref.event for ref in replaced],
        [ref.notice for ref in replaced],
    )
    await put_steps(connection, steps_of(ended, "superseded", now))
    return {
        NoticeRef(day=row["day"], event=row["event"], notice=row["notice"]): Loudness(row["loudness"]) for row in ended
    }


async def move_badges(connection: Connection, changes: Mapping[PersonId, int]) -> dict[PersonId, Badge]:
    """Add the changes and give the newest badge of each recipient."""
    if not changes:
        return {}
    moved = await connection.fetch(query("move_badges"), list(changes), list(changes.values()))
    return {row["recipient"]: Badge(unread=row["unread"], version=row["version"]) for row in moved}
