"""Deliveries with their fallbacks and badges: what opening and judging again write alike."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from notifier.dispatch.batches import Badge, Batch, Due
from notifier.dispatch.outlook import Outlook, make_due, plan_deliveries, ref_of
from notifier.domain.identifiers import PersonId
from notifier.domain.matters import Settled
from notifier.domain.plans import Delivery, NoticeRef, Opening
from notifier.domain.verdicts import Loudness
from notifier.postgres.days import distinct
from notifier.postgres.delivery_rows import insert_deliveries, insert_fallbacks
from notifier.postgres.endings import lower_badges
from notifier.postgres.outdated import tell_outdated
from notifier.postgres.pool import Connection
from notifier.postgres.queries import query
from notifier.postgres.steps import put_steps, steps_of


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The deliveries that a batch wrote."""

    batch: Batch
    outlook: Outlook
    planned: Sequence[tuple[Opening, Settled, Delivery]]


async def write_deliveries(connection: Connection, batch: Batch, outlook: Outlook) -> Written:
    """Write deliveries and fallbacks, and end what they replace."""
    planned = plan_deliveries(outlook, await supersede(connection, outlook.replaced, batch.now))
    deliveries = [(ref_of(opening, s), s.planned.decision.recipient, delivery) for opening, s, delivery in planned]
    if deliveries:
        clock = await connection.fetchval(query("read_clock"))
        await insert_deliveries(connection, deliveries, clock, clock + batch.lease)
    await supersede(connection, outlook.replaced_here, batch.now)
    await insert_fallbacks(connection, outlook.notices)
    await count_planned(connection, [ref.day for ref, _, _ in deliveries])
    return Written(batch=batch, outlook=outlook, planned=planned)


async def settle_badges(connection: Connection, written: Written) -> list[Due]:
    """Tell old apps so, move badges and owe the silent work; give what was born leased, with its newest badge.

    The last of a transaction: two batches in hand often share a recipient, and the second waits from here to the
    commit (measured: 140 ms a batch when statuses were written after it).
    """
    batch = written.batch
    planned = await tell_outdated(connection, written.planned, batch.update_border, batch.now)
    badges = await move_badges(connection, written.outlook.badges)
    await lower_badges(connection, written.outlook.lowered)
    return [
        make_due(opening, s, delivery, badges[s.planned.decision.recipient])
        for opening, s, delivery in planned
        if delivery.leased
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
        distinct(ref.day for ref in replaced),
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
