"""The records of the topics as the page shows them: events with their statuses and dead letters."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import orjson

from notifier.app.house import utc_now
from notifier.app.sandbox.board import Board
from notifier.sandbox.event_views import EventView, StateView
from notifier.sandbox.readings import BULK, Reading, read_record
from notifier.wire.catalogue import Catalogue
from notifier.wire.records import RawRecord, appended_at

_MOST = 30
_MOST_EARLY, _MOST_EARLY_EACH = 2_000, 20
_FRESH = ("duplicate", "id_reused")
"""What is said of a record whose id was known already, never of the first one."""

Name = tuple[str, str]
"""Source and id."""
Said = Mapping[str, Any]
"""What a status or a dead letter says."""


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
        self._early: dict[Name | str, list[Said]] = {}

    def newest(self) -> tuple[EventView, ...]:
        """Give what is shown, the newest first."""
        return tuple(told.view for told in reversed(self._told.values()))

    def find(self, source: str, id: str) -> list[Told]:
        """Give the records with a source and id, the oldest first."""
        return [told for told in self._told.values() if (told.view.source, told.view.id) == (source, id)]

    def find_matter(self, matter: str) -> EventView | None:
        """Give the newest event about a matter; None where it is forgotten."""
        views = [told.view for told in self._told.values()]
        return next((view for view in reversed(views) if view.matter == matter and view.kind == "event"), None)

    def take_events(self, records: Sequence[RawRecord]) -> None:
        """Show records of the event topic."""
        for record in records:
            reading = read_record(record, self._catalogue)
            if not reading.id.startswith(BULK):
                self._add(record, reading)

    def take_statuses(self, records: Sequence[RawRecord]) -> None:
        """Show what publishers are told."""
        for record in records:
            if (status := _read(record, "source", "id", "state", "at")) and not status["id"].startswith(BULK):
                self._hear((status["source"], status["id"]), status)

    def take_letters(self, records: Sequence[RawRecord]) -> None:
        """Show what could not be used."""
        for record in records:
            if letter := _read(record, "reason"):
                self._hear(f"{letter.get('partition')}-{letter.get('offset')}", letter)

    def _add(self, record: RawRecord, reading: Reading) -> None:
        slug = f"{record.partition}-{record.offset}"
        at = self._read_clock(appended_at(record, utc_now()))
        view = EventView(
            slug=slug,
            source=reading.source,
            id=reading.id,
            type=reading.type,
            title=reading.title,
            kind=reading.kind,
            subject=self._name(reading.subject),
            number=reading.subject,
            matter=reading.matter,
            at=at,
        )
        self._told[slug] = Told(view=view)
        self._show(slug)
        for key in (slug, (reading.source, reading.id)):
            for said in self._early.pop(key, ()):
                self._hear(key, said)
        while len(self._told) > _MOST:
            oldest = next(iter(self._told))
            del self._told[oldest]
            self._board.drop(f"event-{oldest}")

    def _hear(self, key: Name | str, said: Said) -> None:
        slug = key if isinstance(key, str) else self._slug_of(key, said)
        told = self._told.get(slug or "")
        if told is None:
            self._keep_early(key, said)
            return
        if isinstance(key, str):
            told.letters.append(orjson.dumps(said).decode())
            told.view = msgspec.structs.replace(told.view, refused=said["reason"], field=_text(said, "field"))
        else:
            told.statuses.append(orjson.dumps(said).decode())
            told.view = msgspec.structs.replace(told.view, states=(*told.view.states, _state(said, told.view)))
        self._show(told.view.slug)

    def _slug_of(self, name: Name, said: Said) -> str | None:
        """Of several records with one id the first is the event, each later one a copy of it."""
        found = [told.view for told in self.find(*name)]
        if not (said["state"] == "duplicate" or _text(said, "reason") in _FRESH):
            return found[0].slug if found else None
        return next((view.slug for view in found[1:] if not view.states), None)

    def _keep_early(self, key: Name | str, said: Said) -> None:
        early = self._early.setdefault(key, [])
        early.append(said)
        del early[:-_MOST_EARLY_EACH]
        while len(self._early) > _MOST_EARLY:
            del self._early[next(iter(self._early))]

    def _show(self, slug: str) -> None:
        self._board.put(f"event-{slug}", "event", self._told[slug].view)


def _read(record: RawRecord, *needed: str) -> Said:
    """Read a record of our own making; one that somebody else put there, and lacks a text, says nothing."""
    try:
        said = orjson.loads(record.value or b"")
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) and all(isinstance(said.get(name), str) for name in needed) else {}


def _text(said: Said, name: str) -> str | None:
    value = said.get(name)
    return value if isinstance(value, str) else None


def _state(said: Said, view: EventView) -> StateView:
    try:
        after = datetime.fromisoformat(said["at"]) - view.at
    except (TypeError, ValueError):
        after = timedelta()
    return StateView(state=said["state"], reason=_text(said, "reason"), after=max(after, timedelta()))
