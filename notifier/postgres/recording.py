"""Step 7 of the path: what providers answered, in one transaction per batch."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import asyncpg

from notifier.dispatch.batches import Due
from notifier.dispatch.recorder import Record, Stored
from notifier.domain.ends import Sequence as Rank
from notifier.domain.plans import NoticeRef
from notifier.domain.policy import DeviceBrake
from notifier.domain.settlements import Done, Failed, Later
from notifier.domain.statuses import State, Status
from notifier.postgres.days import distinct
from notifier.postgres.failing import end_deliveries
from notifier.postgres.mending import mend_phones
from notifier.postgres.outbox import put_statuses
from notifier.postgres.parking import Parker
from notifier.postgres.pool import Connection, Pool, transaction
from notifier.postgres.proving import prove_devices
from notifier.postgres.queries import query
from notifier.postgres.steps import put_steps, steps_of

Refs = tuple[list[object], list[object], list[object], list[object]]

_TRACED_ATTEMPTS = 3
"""Later ones only raise the count: an outage must not grow the trace with every try (I8)."""


class Recordings:
    """Stores settlements, under the deletion brake."""

    def __init__(self, pool: Pool, status_topic: str, reach: Callable[[str], None], brake: DeviceBrake) -> None:
        self._pool = pool
        self._reach = reach
        self._status_topic = status_topic
        self._parker = Parker(brake)

    async def record(self, records: Sequence[Record], now: datetime) -> Stored:
        """Store a batch of settlements; give what came of it. Raises Unavailable."""
        async with transaction(self._pool) as connection:
            accepted = [one for one in records if isinstance(one.settlement, Done)]
            unsure = [one for one in records if isinstance(one.settlement, Later) and one.settlement.unsure]
            await _release(connection, [one for one in records if one.settlement is None])
            await _postpone(connection, [one for one in records if isinstance(one.settlement, Later)], now)
            await _settle_ended(connection, [one for one in records if not isinstance(one.settlement, Done)])
            told, shown = await _accept(connection, accepted, now)
            failed = [one for one in records if isinstance(one.settlement, Failed)]
            parking = await self._parker.park_gone(connection, accepted, failed, now)
            await _postpone(connection, parking.waiting, now)
            statuses = [*told, *await _fail(connection, parking.final, now)]
            await mend_phones(connection, [*accepted, *unsure], [*shown, *await _find_late(connection, unsure)])
            await prove_devices(connection, [one.due.device for one in accepted if one.due.delivery.doubtful])
            await put_statuses(connection, self._status_topic, statuses)
            self._reach("record.before_commit")
        self._reach("record.after_commit")
        return Stored(ends=count_ends(statuses), braked=parking.braked)


def count_ends(statuses: Sequence[Status]) -> dict[str, int]:
    """Count the ends among statuses."""
    ends: dict[str, int] = {}
    for status in statuses:
        if status.seq == Rank.END:
            ends[status.state] = ends.get(status.state, 0) + 1
    return ends


def refs_of(records: Sequence[Record]) -> Refs:
    """Give the key columns of deliveries."""
    refs: list[NoticeRef] = [one.due.ref for one in records]
    return (
        [ref.day for ref in refs],
        [ref.event for ref in refs],
        [ref.notice for ref in refs],
        [one.due.id for one in records],
    )


def _leased_refs_of(records: Sequence[Record]) -> tuple[Sequence[object], ...]:
    """Give the key columns with the lease under which each was attempted."""
    return *refs_of(records), [one.due.lease for one in records]


def _days_of(records: Sequence[Record]) -> list[date]:
    return distinct(one.due.ref.day for one in records)


async def _accept(
    connection: Connection, records: Sequence[Record], now: datetime
) -> tuple[list[Status], list[asyncpg.Record]]:
    """Remember acceptances: the first of an event tells its publisher. Gives the rows with the state they had."""
    if not records:
        return [], []
    days = _days_of(records)
    rows = await connection.fetch(
        query("accept_deliveries"),
        *_leased_refs_of(records),
        [one.badge.version for one in records],
        [one.at for one in records],
        days,
    )
    keys = [row["event"] for row in rows]
    await connection.execute(query("start_fallbacks"), days, keys, now)
    first = {row["event"] for row in rows if row["first"] and row["was"] == "waiting"}
    told = {one.due.ref.event: one.due for one in records if one.due.ref.event in first}
    return [_tell_pushed(due, now) for due in told.values()], rows


async def _find_late(connection: Connection, unsure: Sequence[Record]) -> list[asyncpg.Record]:
    return await connection.fetch(query("find_late_doubts"), *refs_of(unsure), _days_of(unsure)) if unsure else []


def _tell_pushed(due: Due, now: datetime) -> Status:
    return Status(key=due.ref.event, source=due.source, id=due.event_id, seq=Rank.PUSHED, at=now, state=State.PUSHED)


async def _postpone(connection: Connection, records: Sequence[Record], now: datetime) -> None:
    if not records:
        return
    waits = [one.settlement for one in records if isinstance(one.settlement, Later)]
    again = await connection.fetch(
        query("postpone_deliveries"),
        *_leased_refs_of(records),
        [later.wait for later in waits],
        [later.unsure for later in waits],
        _days_of(records),
    )
    first = [row for row in again if row["attempts"] <= _TRACED_ATTEMPTS]
    await put_steps(connection, steps_of(first, "attempted, again later", now))


async def _release(connection: Connection, records: Sequence[Record]) -> None:
    if records:
        refs = _leased_refs_of(records)
        await connection.execute(query("release_deliveries"), *refs, timedelta(), _days_of(records))


async def _settle_ended(connection: Connection, records: Sequence[Record]) -> None:
    """Let go of what ended meanwhile; what was accepted lets go of itself."""
    if records:
        await connection.execute(query("settle_ended"), *_leased_refs_of(records), _days_of(records))


async def _fail(connection: Connection, records: Sequence[Record], now: datetime) -> list[Status]:
    """Remember what will never be sent, and end events that nobody can be told of."""
    if not records:
        return []
    failures = [one.settlement for one in records if isinstance(one.settlement, Failed)]
    states = ["expired" if failed.reason == "expired" else "failed" for failed in failures]
    reasons = [failed.reason for failed in failures]
    return await end_deliveries(connection, (*refs_of(records), states, reasons, _days_of(records)), now)
