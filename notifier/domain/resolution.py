"""What events and marks make of a matter, in whatever order they come (A21 to A24, B10)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from notifier.domain.events import MarkKind
from notifier.domain.identifiers import PersonId
from notifier.domain.matters import Cancelled, Ending, Lowered, Matter, Opened, Reader, Settled
from notifier.domain.plans import Marking, NoticeRef, Opening, Planned
from notifier.domain.reasons import End, Reason
from notifier.domain.verdicts import Decision, Push, Skip


class Resolution:
    """Plays records of one matter, in order, on its locked state and collects what is to be stored."""

    def __init__(self, matter: Matter, readers: Iterable[Reader] = ()) -> None:
        self.matter = matter
        self.readers = {reader.recipient: reader for reader in readers}
        self.touched: set[PersonId] = set()
        self.opened: list[Opened] = []
        self.marked: list[Marking] = []
        self.strangers: list[Opening | Marking] = []
        """Records that name another subject than the matter's (A21)."""
        self.badges: dict[tuple[PersonId, PersonId], int] = {}
        self.endings: list[Ending] = []
        self.cancelled: list[Cancelled] = []
        self.lowered: list[Lowered] = []

    def play(self, items: Sequence[Opening | Marking]) -> None:
        """Take the records of this matter in order."""
        for item in items:
            if item.subject != self.matter.subject:
                self.strangers.append(item)
            elif isinstance(item, Opening):
                self._open(item)
            else:
                self._mark(item)

    def _open(self, opening: Opening) -> None:
        notices = tuple(self._settle(opening, planned) for planned in opening.planned)
        self.opened.append(Opened(opening=opening, notices=notices))
        self.matter.newest_at = _latest(self.matter.newest_at, opening.event.time)

    def _settle(self, opening: Opening, planned: Planned) -> Settled:
        verdict = planned.decision.verdict
        reader = self.readers.get(planned.decision.recipient)
        if (reason := self._bar(opening.event.time, planned.decision, reader)) is not None:
            verdict = Skip(reason=reason)
        if not isinstance(verdict, Push):
            return Settled(planned=planned, verdict=verdict, collapse_id=planned.collapse_id)
        return self._push(opening, planned, verdict, reader)

    def _bar(self, time: datetime, decision: Decision, reader: Reader | None) -> Reason | None:
        """Say why nothing is sent, and who had no push has seen it too: handled, withdrawn, newer is out (A22, A23)."""
        told = not isinstance(decision.verdict, Skip)
        read_at = reader.read_at if reader is not None and (told or decision.own) else None
        if _covers(self.matter.acted_at, time) or _covers(read_at, time):
            return Reason.ALREADY_HANDLED
        if _covers(self.matter.withdrawn_at, time):
            return Reason.WITHDRAWN
        if told and reader is not None and reader.newest_at is not None and reader.newest_at > time:
            return Reason.SUPERSEDED
        return None

    def _push(self, opening: Opening, planned: Planned, verdict: Push, reader: Reader | None) -> Settled:
        decision = planned.decision
        if reader is None:
            reader = self.readers[decision.recipient] = Reader(recipient=decision.recipient, about=decision.about)
        replaces = reader.shown
        self._count(reader, counted=True)
        reader.collapse_id = reader.collapse_id or planned.collapse_id
        reader.newest_at = opening.event.time
        reader.shown = NoticeRef(day=opening.day, event=opening.event.key, notice=planned.notice)
        return Settled(planned=planned, verdict=verdict, collapse_id=reader.collapse_id, replaces=replaces)

    def _mark(self, marking: Marking) -> None:
        self.marked.append(marking)
        mark = marking.mark
        if mark.kind is MarkKind.READ:
            self._read(marking)
        elif mark.kind is MarkKind.ACTED:
            self.matter.acted_at = _latest(self.matter.acted_at, mark.at)
            self._end_for_all(mark.at, End.SEEN, Reason.ALREADY_HANDLED)
        else:
            self.matter.withdrawn_at = _latest(self.matter.withdrawn_at, mark.at)
            self._end_for_all(mark.at, End.WITHDRAWN, Reason.WITHDRAWN)

    def _read(self, marking: Marking) -> None:
        """`read` ends only that person's badge and fallback; `by` who is no recipient changes nothing (B10, A22)."""
        if marking.by is None:
            return
        fresh = Reader(recipient=marking.by, about=self.matter.subject)
        reader = self.readers.setdefault(marking.by, fresh)
        reader.read_at = _latest(reader.read_at, marking.mark.at)
        self.touched.add(marking.by)
        if marking.by == self.matter.subject or reader.shown is not None:
            self.endings.append(Ending(matter=self.matter.key, end=End.SEEN, at=marking.mark.at))
        self._lower(reader, marking.mark.at, Reason.ALREADY_HANDLED)

    def _end_for_all(self, at: datetime, end: End, reason: Reason) -> None:
        self.endings.append(Ending(matter=self.matter.key, end=end, at=at))
        for reader in self.readers.values():
            self._lower(reader, at, reason)

    def _lower(self, reader: Reader, at: datetime, reason: Reason) -> None:
        if reader.newest_at is None or reader.newest_at > at or reader.shown is None:
            return
        self.cancelled.append(Cancelled(notice=reader.shown, reason=reason))
        if reader.counted and reader.collapse_id is not None:
            self.lowered.append(Lowered(recipient=reader.recipient, collapse_id=reader.collapse_id))
        self._count(reader, counted=False)

    def _count(self, reader: Reader, *, counted: bool) -> None:
        """Move one matter into or out of the badge (A24)."""
        self.touched.add(reader.recipient)
        if reader.counted is not counted:
            share = (reader.recipient, reader.about)
            self.badges[share] = self.badges.get(share, 0) + (1 if counted else -1)
            reader.counted = counted


def _covers(mark_at: datetime | None, time: datetime) -> bool:
    return mark_at is not None and time <= mark_at


def _latest(known: datetime | None, new: datetime) -> datetime:
    return new if known is None else max(known, new)
