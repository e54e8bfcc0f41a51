"""The projections' rows as the path reads them, and what a change takes away at once (A30)."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from notifier.domain.ages import ombud_until
from notifier.domain.identifiers import DeviceId, EventKey, PersonId, Pseudonym
from notifier.domain.people import Audience, Link, Ombud, Person
from notifier.domain.plans import NoticeRef
from notifier.domain.reasons import Reason
from tests.fakes.endings import move_badges, owe_quiet, waiting_of
from tests.fakes.rows import DeviceRow, Tables
from tests.fakes.tables import Calm, Mood

replace = msgspec.structs.replace
Share = tuple[PersonId, PersonId]
"""A recipient and the person represented."""


class FakeDirectory:
    """Who might learn of what."""

    def __init__(self, tables: Tables, mood: Mood | None = None) -> None:
        self._tables = tables
        self._mood = mood or Calm()

    async def audience_of(self, subjects: Sequence[Pseudonym], now: datetime) -> Mapping[Pseudonym, Audience]:
        tables = self._tables
        async with tables.begin(self._mood, "audience"):
            for subject in sorted(subjects):
                if subject not in tables.lookups:
                    introduce(tables, subject)
            audiences = {subject: read_audience(tables, subject) for subject in subjects}
            tables.note("read", name_task())
        return audiences

    async def find(self, people: Sequence[Pseudonym]) -> Mapping[Pseudonym, PersonId]:
        async with self._tables.begin(self._mood, "find"):
            return {one: self._tables.lookups[one] for one in people if one in self._tables.lookups}


def name_task() -> str:
    """Name the task that reads, so that its decisions can be traced to what it knew."""
    task = asyncio.current_task()
    return "" if task is None else task.get_name()


def introduce(tables: Tables, subject: Pseudonym) -> PersonId:
    """Name somebody whom only an event names so far."""
    person = PersonId(1 + len(tables.lookups))
    tables.lookups.put(subject, person)
    tables.persons.put(person, Person(id=person, known=False))
    tables.note("person", tables.persons[person])
    return person


def register(tables: Tables, row: DeviceRow) -> None:
    """Let somebody have a device."""
    tables.devices.put(row.device.id, row)
    tables.owned.put(row.person, (*tables.owned.get(row.person, ()), row.device.id))
    tables.note("device", row)


def prove(tables: Tables, device: DeviceId) -> None:
    """A provider took a push to its token (R17)."""
    row = tables.devices.get(device)
    if row is not None and row.device.doubtful and not row.parked:
        tables.devices.put(device, replace(row, device=replace(row.device, doubtful=False)))


def tie(tables: Tables, child: PersonId, guardian: PersonId, link: Link) -> None:
    """Let a link be as it is now."""
    if (child, guardian) not in tables.links:
        tables.guardians.put(child, (*tables.guardians.get(child, ()), guardian))
    tables.links.put((child, guardian), link)
    tables.note("link", ((child, guardian), link))


def read_audience(tables: Tables, lookup: Pseudonym) -> Audience:
    subject = tables.lookups[lookup]
    ombud = tuple(
        Ombud(person=_read_person(tables, guardian, subject), link=tables.links[subject, guardian])
        for guardian in tables.guardians.get(subject, ())
        if tables.persons[guardian].known
    )
    return Audience(subject=_read_person(tables, subject, subject), ombud=ombud)


def _read_person(tables: Tables, person: PersonId, about: PersonId) -> Person:
    mine = (tables.devices[device] for device in tables.owned.get(person, ()))
    devices = tuple(row.device for row in mine if not row.parked)
    muted = tables.muted.get((person, about), frozenset())
    return replace(tables.persons[person], devices=devices, muted=muted)


def tighten(
    tables: Tables, ended: Mapping[Share, Reason], now: datetime, trusted_after: datetime | None = None
) -> list[PersonId]:
    """End these shares: badge, waiting deliveries, what phones show; give whose lanes must let go."""
    for (key, recipient), reader in sorted(tables.readers.items()):
        reason = ended.get((recipient, reader.about))
        if reason is None or not reader.counted:
            continue
        tables.readers.put((key, recipient), replace(reader, counted=False))
        move_badges(tables, {recipient: -1})
        if reader.shown is not None:
            own = recipient == reader.about
            _cancel(tables, reader.shown, reason, trusted_after if own else None, now)
        if reader.collapse_id is not None:
            owe_quiet(tables, [(recipient, reader.collapse_id)], urgent=True)
    tables.note("tightened", tuple(sorted(ended)))
    return sorted({recipient for recipient, _ in ended})


def find_bar(tables: Tables, share: Share, day: date, age: int) -> Reason | None:
    """Say why a guardian may be told nothing more about a child (B12)."""
    guardian, child = (tables.persons[one] for one in share)
    link = tables.links.get((child.id, guardian.id))
    if link is not None and link.blocked:
        return Reason.BLOCKED
    if child.deceased or guardian.deceased:
        return Reason.DECEASED
    if child.protected or guardian.protected:
        return Reason.PROTECTED
    if link is None or link.ended or not link.guardian or link.valid_from > day:
        return Reason.LINK_ENDED
    if link.valid_to is not None and link.valid_to <= day:
        return Reason.LINK_ENDED
    grown = child.born_older is None or ombud_until(child.born_older, age) <= day
    return Reason.TOO_OLD_FOR_PROXY if grown else None


def _cancel(tables: Tables, shown: NoticeRef, reason: Reason, trusted_after: datetime | None, now: datetime) -> None:
    for key, row in waiting_of(tables, shown):
        device = tables.devices.get(row.delivery.device)
        if trusted_after is not None and device is not None and device.device.trusted_at > trusted_after:
            continue
        tables.deliveries.put(key, replace(row, state="cancelled", reason=reason))
        _hasten(tables, row.ref.event, now)


def _hasten(tables: Tables, key: EventKey, now: datetime) -> None:
    """Nobody left to tell: its end is looked at now, so that `unreachable` is known within 5 minutes (B6)."""
    event = tables.events[key]
    waiting = any(tables.deliveries[one].state == "waiting" for one in tables.delivered.get(key, ()))
    if event.ended is None and event.told_at is None and event.held is None and not waiting and event.due_at > now:
        tables.events.put(key, replace(event, due_at=now))
