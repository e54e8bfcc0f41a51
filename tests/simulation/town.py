"""Two hundred made-up people, their phones and guardians, and what may change about them."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import msgspec

from notifier.domain.identifiers import DeviceId, PersonId, Pseudonym
from notifier.domain.people import Device, Link, Person, Platform
from tests.fakes.people import register, tie
from tests.fakes.rows import DeviceRow, Tables

BEGIN = datetime(2026, 11, 20, 5, 30, tzinfo=UTC)
APNS, FCM = "apns:production:se.1177.app", "fcm:production:se.1177.app"
LANES = (APNS, FCM)
PEOPLE = 200
_ADULTS = 130
_REGISTERED = (*[timedelta(days=100)] * 8, timedelta(days=400), timedelta(days=269, hours=12))
"""How long ago phones were registered: Android's are stale after 270 days, some while the story runs (R17)."""


def pseudonym_of(number: int) -> Pseudonym:
    return Pseudonym(number.to_bytes(32))


class Town:
    """Fills the projections, and knows who lives there."""

    def __init__(self, tables: Tables, chance: Random) -> None:
        self._tables = tables
        self._chance = chance
        self._devices = 0
        for number in range(1, PEOPLE + 1):
            self._settle(number)
        for child in range(_ADULTS + 1, PEOPLE + 1):
            for guardian in chance.sample(range(1, _ADULTS + 1), chance.choice((0, 1, 1, 2))):
                self._tie(PersonId(child), PersonId(guardian))

    def _settle(self, number: int) -> None:
        tables, chance, person = self._tables, self._chance, PersonId(number)
        adult = number <= _ADULTS
        tables.lookups.put(pseudonym_of(number), person)
        born = BEGIN.date() - timedelta(days=chance.randint(19, 80) * 365 if adult else chance.randint(30, 15 * 365))
        if not adult and chance.random() < 0.1:  # turns 13 while the story runs
            born = date(BEGIN.year - 13, 11, chance.choice((21, 22)))
        tables.persons.put(person, Person(
            id=person,
            known=chance.random() > 0.02,
            region="01",
            joined=chance.random() > 0.05,
            born_younger=born,
            born_older=born,
            protected=chance.random() < 0.03,
            protected_at=BEGIN - timedelta(days=30),
            deceased=chance.random() < 0.02,
            active=adult and chance.random() > 0.03,
        ))  # fmt: skip
        tables.note("person", tables.persons[person])
        if adult:
            if chance.random() < 0.08:
                setting = chance.choice(("push", "push:messages", "push:bookings"))
                tables.muted.put((person, person), frozenset({setting}))
                tables.note("muted", ((person, person), frozenset({setting})))
            for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
                self.register(person, BEGIN - chance.choice(_REGISTERED))

    def _tie(self, child: PersonId, guardian: PersonId) -> None:
        chance = self._chance
        tie(self._tables, child, guardian, Link(
            valid_from=date(2020, 1, 1),
            valid_to=chance.choice((None, None, None, date(2026, 11, 21), date(2027, 1, 1))),
            blocked=chance.random() < 0.05,
            guardian=chance.random() > 0.03,
            ended=False,
            about_id=bytes(16),
        ))  # fmt: skip

    def register(self, person: PersonId, at: datetime) -> DeviceId:
        """Let somebody have one phone more."""
        self._devices += 1
        lane = self._chance.choice(LANES)
        device = Device(
            id=DeviceId(self._devices),
            platform=Platform.IOS if lane == APNS else Platform.ANDROID,
            lane=lane,
            kind="token",
            token=str(self._devices).encode(),
            content_key=b"",
            language="sv",
            trusted_at=at,
            doubtful=True,
        )
        register(self._tables, DeviceRow(device=device, person=person, registered_at=at))
        return device.id

    def change(self, person: PersonId, **changes: object) -> None:
        """Let the projection know something else of somebody."""
        tables = self._tables
        tables.persons.put(person, msgspec.structs.replace(tables.persons[person], **changes))
        tables.note("person", tables.persons[person])
