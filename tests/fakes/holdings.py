"""Held events, and events whose end is due, in memory."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from notifier.dispatch.admission import record_of
from notifier.dispatch.batches import Batch, Item, Opened
from notifier.dispatch.claims import HeldEvent, Noticed
from notifier.dispatch.outlook import Outlook, foresee, tally
from notifier.domain.ends import Course, Ended
from notifier.domain.identifiers import EventKey, MatterKey
from notifier.domain.plans import Opening
from notifier.domain.reasons import End
from notifier.domain.statuses import Status
from tests.fakes.endings import end_event, end_superseded, end_untold
from tests.fakes.ledger import resolve_matter
from tests.fakes.noticing import write_notices
from tests.fakes.people import find_bar, name_task, tighten
from tests.fakes.rows import EventRow, Tables
from tests.fakes.tables import Calm, Mood

replace = msgspec.structs.replace


class FakeHoldings:
    """The events that wait."""

    def __init__(self, tables: Tables, mood: Mood | None = None) -> None:
        self._tables = tables
        self._mood = mood or Calm()

    async def find_held(self, now: datetime, most: int) -> Sequence[HeldEvent]:
        tables = self._tables
        async with tables.begin(self._mood, "find held"):
            due = [
                (row.rejudge_at, key)
                for key, row in tables.events.live.items()
                if row.held is not None and row.rejudge_at is not None and row.rejudge_at <= now
            ]
            return [self._describe(tables.events[key]) for _, key in sorted(due)[:most]]

    def _describe(self, row: EventRow) -> HeldEvent:
        event = row.opening.event
        rows = [self._tables.notices[event.key, one] for one in self._tables.noticed.get(event.key, ())]
        return HeldEvent(
            day=row.opening.day,
            event=event,
            opened_at=row.opening.opened_at,
            notices={one.recipient: Noticed(id=one.ref.notice, verdict=one.verdict) for one in rows},
        )

    async def reopen(self, batch: Batch) -> Opened:
        tables = self._tables
        async with tables.begin(self._mood, "reopen"):
            admitted: dict[MatterKey, list[Item]] = {}
            for item in batch.items:
                row = tables.events[record_of(item).key]
                if row.held is not None and row.ended is None:
                    admitted.setdefault(record_of(item).matter_key, []).append(item)
            outlook = foresee([resolve_matter(tables, key, items) for key, items in admitted.items()])
            due = write_notices(tables, batch, outlook)
            statuses = self._settle(batch, outlook)
            tables.owe(statuses)
            tables.note("reopened", (name_task(), batch, outlook.notices))
        ends = [str(status.state) for status in statuses]
        return Opened(
            due=tuple(due),
            fates={},
            reasons=tally(outlook.notices),
            ends={end: ends.count(end) for end in ends},
            quiet=False,
        )

    async def put_off(self, held: HeldEvent, until: datetime) -> None:
        tables = self._tables
        async with tables.begin(self._mood, "put off"):
            row = tables.events[held.event.key]
            if row.held is not None and row.ended is None:
                tables.events.put(held.event.key, replace(row, rejudge_at=until))

    def _settle(self, batch: Batch, outlook: Outlook) -> list[Status]:
        tables, statuses = self._tables, []
        for one, course in outlook.opened:
            self._write(one.opening, course, batch.rejudge_at)
            if course.ended is None:
                continue
            if course.ended.end in (End.SEEN, End.WITHDRAWN):
                statuses.append(end_event(tables, one.opening.event.key, course.ended, batch.now))
            else:
                statuses += end_untold(tables, [(one.opening.event.key, course.ended.reason)], batch.now)
        return [*end_superseded(tables, (*outlook.replaced, *outlook.replaced_here), batch.now), *statuses]

    def _write(self, opening: Opening, course: Course, rejudge_at: datetime) -> None:
        row = self._tables.events[opening.event.key]
        self._tables.events.put(opening.event.key, replace(
            row,
            held=course.held,
            rejudge_at=rejudge_at if course.held else None,
            about_child=opening.about_child,
            legacy=opening.legacy,
        ))  # fmt: skip

    async def end_due(self, now: datetime, most: int = 500) -> int:
        tables = self._tables
        async with tables.begin(self._mood, "end due"):
            due = sorted((row.due_at, key) for key, row in tables.events.live.items() if row.due_at <= now)[:most]
            tables.owe([status for _, key in due for status in self._end(key, now)])
        return len(due)

    def _end(self, key: EventKey, now: datetime) -> list[Status]:
        """Told and still useful waits on; told and not seen, or told to nobody, ends (A25)."""
        tables, row = self._tables, self._tables.events[key]
        if row.told_at is None:
            past = row.opening.useful_until <= now
            tables.events.put(key, replace(row, held=None if past else row.held))
            return [end_event(tables, key, Ended(end=End.LEGACY if row.legacy else End.UNREACHABLE), now)]
        if row.opening.useful_until > now:
            tables.events.put(key, replace(row, due_at=row.opening.useful_until))
            return []
        return [end_event(tables, key, Ended(end=End.DELIVERED_UNSEEN), now)]


class FakeShares:
    """Guardians' shares whose link gives nothing any more, by its date or the child's birthday (B12)."""

    def __init__(self, tables: Tables, mood: Mood | None = None) -> None:
        self._tables = tables
        self._mood = mood or Calm()

    async def end_lapsed(self, day: date, age: int, limit: int, now: datetime) -> int:
        tables = self._tables
        async with tables.begin(self._mood, "end lapsed"):
            counted = {(one, row.about) for (_, one), row in tables.readers.items() if row.counted}
            barred = {share: find_bar(tables, share, day, age) for share in sorted(counted) if share[0] != share[1]}
            ended = {share: reason for share, reason in list(barred.items())[:limit] if reason is not None}
            if ended:
                tighten(tables, ended, now)
        return len(ended)
