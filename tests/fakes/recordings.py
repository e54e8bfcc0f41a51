"""Step 7 of the path in memory: what providers answered."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from notifier.dispatch.recorder import Record, Stored
from notifier.domain.ends import Sequence as Rank
from notifier.domain.settlements import Done, Failed, Later
from notifier.domain.statuses import State, Status
from tests.fakes.endings import end_deliveries, repair
from tests.fakes.mendings import remove_late
from tests.fakes.people import prove
from tests.fakes.rows import DeliveryRow, Tables
from tests.fakes.tables import Calm, Mood

replace = msgspec.structs.replace


class FakeRecordings:
    """Stores settlements; it knows no deletion brake, whose rows are PostgreSQL's alone."""

    def __init__(self, tables: Tables, mood: Mood | None = None) -> None:
        self._tables = tables
        self._mood = mood or Calm()

    async def record(self, records: Sequence[Record], now: datetime) -> Stored:
        async with self._tables.begin(self._mood, "record"):
            statuses: list[Status] = []
            for one in records:
                self._settle_ended(one)
                match one.settlement:
                    case None:
                        self._release(one)
                    case Later(wait=wait, unsure=unsure):
                        self._postpone(one, wait.total_seconds(), unsure=unsure)
                        if unsure:
                            self._mend(one, self._tables.deliveries[one.due.id])
                    case Done():
                        statuses += self._accept(one, now)
                    case Failed():
                        statuses += self._fail(one, one.settlement, now)
            self._tables.owe(statuses)
        ends = [str(status.state) for status in statuses if status.seq == Rank.END]
        return Stored(ends={end: ends.count(end) for end in ends})

    def _settle_ended(self, one: Record) -> None:
        tables, row = self._tables, self._tables.deliveries[one.due.id]
        if row.state not in ("waiting", "accepted") and row.lease == one.due.lease:
            tables.deliveries.put(one.due.id, replace(row, handed=False))

    def _release(self, one: Record) -> None:
        tables, row = self._tables, self._tables.deliveries[one.due.id]
        if row.state == "waiting" and row.lease == one.due.lease:
            tables.deliveries.put(one.due.id, replace(row, available_at=tables.clock(), handed=False))

    def _postpone(self, one: Record, wait: float, *, unsure: bool) -> None:
        tables, row = self._tables, self._tables.deliveries[one.due.id]
        if row.state != "waiting" or row.lease != one.due.lease:
            return
        tables.deliveries.put(one.due.id, replace(
            row,
            available_at=tables.clock() + wait,
            attempts=row.attempts + 1,
            unsure=row.unsure or unsure,
            handed=False,
        ))  # fmt: skip

    def _accept(self, one: Record, now: datetime) -> list[Status]:
        tables, row = self._tables, self._tables.deliveries[one.due.id]
        state = "accepted" if row.state == "waiting" else row.state
        tables.deliveries.put(one.due.id, replace(
            row,
            state=state,
            accepted=True,
            attempts=row.attempts + 1,
            handed=row.handed and row.lease != one.due.lease,
        ))  # fmt: skip
        tables.note("accepted", one.due.id)
        self._mend(one, row)
        if one.due.delivery.doubtful:
            prove(tables, one.due.device)
        event = tables.events[row.ref.event]
        if event.told_at is not None:
            return []
        tables.events.put(row.ref.event, replace(event, told_at=now))
        if event.ended is not None:
            return []
        named = event.opening.event
        return [Status(key=named.key, source=named.source, id=named.id, seq=Rank.PUSHED, at=now, state=State.PUSHED)]

    def _mend(self, one: Record, row: DeliveryRow) -> None:
        """Owe the phone what it missed: a removal of what ended before it showed, a badge that moved on (R14)."""
        remove_late(self._tables, row)
        repair(self._tables, one.due.device, one.due.recipient, one.badge)

    def _fail(self, one: Record, failed: Failed, now: datetime) -> list[Status]:
        tables, device = self._tables, one.due.device
        if failed.gone is not None and (row := tables.devices.get(device)) is not None:
            if row.registered_at <= (failed.gone.since or one.at):
                tables.devices.put(device, replace(row, parked=True))
                tables.note("device", tables.devices[device])
        state = "expired" if failed.reason == "expired" else "failed"
        return end_deliveries(tables, [(one.due.id, state, failed.reason)], now)
