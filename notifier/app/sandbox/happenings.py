"""The records of the topics as the page shows them: events with their statuses and dead letters."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from notifier.app.house import utc_now
from notifier.app.sandbox.board import Board
from notifier.app.sandbox.newest import Newest
from notifier.sandbox.event_views import EventView, StateView
from notifier.sandbox.readings import (
    BULK,
    LetterReading,
    Reading,
    StatusReading,
    read_letter,
    read_record,
    read_status,
)
from notifier.wire.catalogue import Catalogue
from notifier.wire.records import RawRecord, appended_at

_MOST, _MOST_EACH = 30, 50
_MOST_MATTERS = 10_000
_MOST_EARLY = 2_000
_FRESH = ("duplicate", "id_reused")
"""What is said of a record whose id was known already, never of the first one."""

Key = tuple[str, str] | str
"""Source and id, or for a dead letter where the record stands."""


class Told(msgspec.Struct, kw_only=True):
    """One record of the event topic with everything that was said about it."""

    view: EventView
    statuses: list[str] = []
    letters: list[str] = []


class Happenings:
    """The newest records of the event topic, on the board; statuses may be read before what they speak of."""

    def __init__(
        self,
        board: Board,
        catalogue: Catalogue,
        name: Callable[[str], str],
        read_clock: Callable[[datetime], datetime],
    ) -> None:
        self._board, self._catalogue, self._name, self._read_clock = board, catalogue, name, read_clock
        self._told: dict[str, Told] = {}
        self._matters = Newest[tuple[str, str], EventView](_MOST_MATTERS)
        self._early = Newest[Key, list[StatusReading | LetterReading]](_MOST_EARLY)

    def newest(self) -> tuple[EventView, ...]:
        """Give what is shown, the newest first."""
        return tuple(told.view for told in reversed(self._told.values()))

    def find(self, source: str, id: str) -> list[Told]:
        """Give the records with a source and id, the oldest first."""
        return [told for told in self._told.values() if (told.view.source, told.view.id) == (source, id)]

    def find_matter(self, origin: str, matter: str) -> EventView | None:
        """Give the newest event about a matter of a source, or of a type; None where it is forgotten."""
        return self._matters.get((origin, matter))

    def take_events(self, records: Sequence[RawRecord]) -> None:
        """Show records of the event topic."""
        for record in records:
            reading = read_record(record, self._catalogue)
            view = self._view(record, reading)
            if reading.kind == "event":
                self._remember(view)
            if not reading.id.startswith(BULK):
                self._add(view)

    def take_statuses(self, records: Sequence[RawRecord]) -> None:
        """Show what publishers are told."""
        for record in records:
            if (status := read_status(record)) is not None and not status.id.startswith(BULK):
                self._hear((status.source, status.id), status)

    def take_letters(self, records: Sequence[RawRecord]) -> None:
        """Show what could not be used."""
        for record in records:
            if (letter := read_letter(record)) is not None:
                self._hear(f"{letter.partition}-{letter.offset}", letter)

    def _view(self, record: RawRecord, reading: Reading) -> EventView:
        return EventView(
            slug=f"{record.partition}-{record.offset}",
            source=reading.source,
            id=reading.id,
            type=reading.type,
            title=reading.title,
            kind=reading.kind,
            subject=self._name(reading.subject),
            number=reading.subject,
            matter=reading.matter,
            at=self._read_clock(appended_at(record, utc_now())),
        )

    def _remember(self, view: EventView) -> None:
        for origin in (view.source, view.type):
            self._matters.put((origin, view.matter), view)

    def _add(self, view: EventView) -> None:
        self._told[view.slug] = Told(view=view)
        self._show(view.slug)
        for key in (view.slug, (view.source, view.id)):
            for said in self._early.pop(key, ()):
                self._hear(key, said)
        while len(self._told) > _MOST:
            oldest = next(iter(self._told))
            del self._told[oldest]
            self._board.drop(f"event-{oldest}")

    def _hear(self, key: Key, said: StatusReading | LetterReading) -> None:
        told = self._told.get(key) if isinstance(key, str) else self._told_of(key, said)
        if told is None:
            self._keep_early(key, said)
            return
        view = told.view
        if isinstance(said, LetterReading):
            told.letters = [*told.letters, said.raw][-_MOST_EACH:]
            told.view = msgspec.structs.replace(view, refused=said.reason, field=said.field)
        else:
            told.statuses = [*told.statuses, said.raw][-_MOST_EACH:]
            told.view = msgspec.structs.replace(view, states=(*view.states, _state(said, view))[-_MOST_EACH:])
        self._show(view.slug)

    def _told_of(self, name: tuple[str, str], said: StatusReading | LetterReading) -> Told | None:
        """Of several records with one id the first is the event, each later one a copy of it."""
        found = self.find(*name)
        if isinstance(said, LetterReading) or not (said.state == "duplicate" or said.reason in _FRESH):
            return found[0] if found else None
        silent = [told for told in found if not told.view.states]
        return next((told for told in silent if told is not found[0]), silent[-1] if silent else None)

    def _keep_early(self, key: Key, said: StatusReading | LetterReading) -> None:
        self._early.put(key, [*self._early.get(key, ()), said][-_MOST_EACH:])

    def _show(self, slug: str) -> None:
        self._board.put(f"event-{slug}", "event", self._told[slug].view)


def _state(said: StatusReading, view: EventView) -> StateView:
    after = timedelta() if said.at is None else said.at - view.at
    return StateView(state=said.state, reason=said.reason, after=max(after, timedelta()))
