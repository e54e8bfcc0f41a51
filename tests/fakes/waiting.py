"""Waiting deliveries in memory: claimed, judged and settled in one transaction."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import msgspec

from notifier.dispatch.claims import Claimed, Postponed, Stopped
from notifier.domain.identifiers import DeliveryId, Pseudonym
from notifier.domain.people import Audience
from notifier.domain.reasons import Reason
from tests.fakes.endings import end_deliveries
from tests.fakes.people import name_task, read_audience
from tests.fakes.rows import NOBODY, DeliveryRow, Tables
from tests.fakes.tables import Calm, Mood

replace = msgspec.structs.replace


class FakeClaim:
    """Claimed rows and the transaction that holds them."""

    def __init__(self, tables: Tables, claimed: Sequence[Claimed], wait: timedelta) -> None:
        self._tables = tables
        self._wait = wait
        self.claimed = claimed

    async def audience_of(self, subjects: Sequence[Pseudonym], now: datetime) -> Mapping[Pseudonym, Audience]:
        return {subject: read_audience(self._tables, subject) for subject in sorted(subjects)}

    async def settle(self, postponed: Sequence[Postponed], stopped: Sequence[Stopped], now: datetime) -> None:
        tables = self._tables
        for one in postponed:
            row = tables.deliveries[one.claimed.id]
            wait = self._wait.total_seconds()
            tables.deliveries.put(one.claimed.id, replace(row, available_at=tables.clock() + wait, handed=False))
        tables.owe(end_deliveries(tables, [(one.claimed.id, one.state, one.reason) for one in stopped], now))
        left = {one.claimed.id for one in (*postponed, *stopped)}
        tables.note("judged", (now, left, {one.claimed.id: str(one.reason) for one in stopped}))


class FakeWaiting:
    """Claims the oldest due deliveries of a lane."""

    def __init__(
        self,
        tables: Tables,
        mood: Mood | None = None,
        *,
        lease: timedelta = timedelta(seconds=60),
        passive_after: timedelta = timedelta(seconds=60),
        held_wait: timedelta = timedelta(seconds=10),
    ) -> None:
        self._tables = tables
        self._mood = mood or Calm()
        self._lease_seconds = lease.total_seconds()
        self._passive_after_seconds = passive_after.total_seconds()
        self._held_wait = held_wait

    @asynccontextmanager
    async def claim(self, lane: str, most: int, now: datetime) -> AsyncIterator[FakeClaim]:
        tables = self._tables
        async with tables.begin(self._mood, "claim"):
            clock = tables.clock()
            due = [
                (row.available_at, key)
                for key, row in tables.deliveries.live.items()
                if row.delivery.lane == lane and row.available_at <= clock
            ]
            claimed = [self._take(key, clock) for _, key in sorted(due)[:most]]
            tables.note("claimed", (name_task(), tuple(one.id for one in claimed)))
            yield FakeClaim(tables, claimed, self._held_wait)

    async def expire(self, now: datetime, most: int = 1000) -> int:
        tables = self._tables
        async with tables.begin(self._mood, "expire"):
            clock = tables.clock()
            past = [
                key
                for key, row in tables.deliveries.live.items()
                if row.delivery.expires_at <= now and row.available_at <= clock
            ][:most]
            tables.owe(end_deliveries(tables, [(key, "expired", Reason.EXPIRED) for key in past], now, known=False))
        return len(past)

    def _take(self, key: DeliveryId, clock: float) -> Claimed:
        row = self._tables.deliveries[key]
        taken = replace(
            row,
            available_at=clock + self._lease_seconds,
            lease=row.lease + 1,
            unsure=row.unsure or row.handed,
            handed=True,
        )
        self._tables.deliveries.put(key, taken)
        return self._describe(taken, clock)

    def _describe(self, row: DeliveryRow, clock: float) -> Claimed:
        opening = self._tables.events[row.ref.event].opening
        return Claimed(
            ref=row.ref,
            id=row.delivery.id,
            event=opening.event,
            opened_at=opening.opened_at,
            recipient=row.recipient,
            subject=opening.subject,
            device=row.delivery.device,
            loudness=row.delivery.loudness,
            text_key=row.delivery.text_key,
            collapse_id=row.delivery.collapse_id,
            sealed=row.delivery.sealed,
            lease=row.lease,
            attempts=row.attempts,
            quiet_after=timedelta(seconds=row.opened_at + self._passive_after_seconds - clock) if row.unsure else None,
            badge=self._tables.badges.get(row.recipient, NOBODY),
        )
