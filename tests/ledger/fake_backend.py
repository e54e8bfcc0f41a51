"""The ledger in memory, and what the suites look at."""

from datetime import date, datetime, timedelta

from notifier.domain.identifiers import DeviceId, EventKey, PersonId
from notifier.domain.people import Link, Person
from notifier.domain.reasons import Reason
from tests.fakes.debts import FakeDebts
from tests.fakes.holdings import FakeHoldings
from tests.fakes.ledger import FakeLedger
from tests.fakes.mendings import FakeMendings
from tests.fakes.people import FakeDirectory, register, tie, tighten
from tests.fakes.recordings import FakeRecordings
from tests.fakes.rows import NOBODY, DeviceRow, Tables
from tests.fakes.tables import Calm
from tests.fakes.waiting import FakeWaiting
from tests.ledger.cast import CHILD, GRACE, LEASE, NOW, PEOPLE, PHONES, a_phone, lookup_of

BORN, BORN_CHILD = date(1980, 5, 17), date(2020, 6, 15)


class FakeBackend:
    """Everything over one set of tables."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.tables = Tables(lambda: self.seconds)
        self.ledger = FakeLedger(self.tables)
        self.recordings = FakeRecordings(self.tables)
        self.waiting = FakeWaiting(self.tables, lease=LEASE)
        self.holdings = FakeHoldings(self.tables)
        self.mendings = FakeMendings(self.tables, GRACE)
        self.debts = FakeDebts(self.tables, LEASE)
        self.directory = FakeDirectory(self.tables)

    async def settle_in(self, topic: str) -> None:
        tables = self.tables
        tables.positions.put((topic, 0), 0)
        for person in PEOPLE:
            born = BORN_CHILD if person == CHILD else BORN
            tables.lookups.put(lookup_of(person), person)
            tables.persons.put(person, Person(
                id=person, known=True, region="01", joined=True, born_younger=born, born_older=born, protected=False,
                active=person != CHILD,
            ))  # fmt: skip
            for phone in PHONES[person]:
                registered_at = NOW - timedelta(days=100)
                register(tables, DeviceRow(device=a_phone(phone, person), person=person, registered_at=registered_at))
        tie(tables, CHILD, PEOPLE[0], Link(
            valid_from=date(2020, 7, 1), valid_to=None, blocked=False, guardian=True, ended=False, about_id=bytes(16)
        ))  # fmt: skip
        tables.found()

    async def let_pass(self, pause: timedelta) -> None:
        self.seconds += pause.total_seconds()

    async def badge(self, person: PersonId) -> tuple[int, int]:
        badge = self.tables.badges.get(person, NOBODY)
        return badge.unread, badge.version

    async def end_of(self, key: EventKey) -> str | None:
        ended = self.tables.events[key].ended
        return None if ended is None else ended.end.value

    async def deliveries(self, key: EventKey) -> dict[DeviceId, tuple[str, str | None]]:
        rows = [self.tables.deliveries[one] for one in self.tables.delivered.get(key, ())]
        return {row.delivery.device: (row.state, row.reason) for row in rows}

    async def texts(self, key: EventKey) -> dict[DeviceId, str]:
        rows = [self.tables.deliveries[one].delivery for one in self.tables.delivered.get(key, ())]
        return {delivery.device: delivery.text_key for delivery in rows}

    async def verdicts(self, key: EventKey) -> dict[PersonId, tuple[str, str | None]]:
        rows = [self.tables.notices[key, one] for one in self.tables.noticed.get(key, ())]
        return {row.recipient: (row.verdict, row.reason) for row in rows}

    async def states(self, name: str) -> list[str]:
        return [str(one.state.value) for one in self.tables.statuses.values() if one.id == name]

    async def letters(self) -> list[tuple[int, str]]:
        return [(one.position.offset, str(one.reason.value)) for one in self.tables.letters.values()]

    async def totals(self) -> dict[str, int]:
        (fates,) = self.tables.totals.values()
        return {name: getattr(fates, name) for name in fates.__struct_fields__}

    async def planned(self) -> int:
        return self.tables.planned.get("planned", 0)

    async def parked(self) -> set[DeviceId]:
        return {device for device, row in self.tables.devices.items() if row.parked}

    async def forbid(self, recipient: PersonId, about: PersonId, reason: Reason, now: datetime) -> None:
        """Let a change of the projections end what somebody may be told."""
        async with self.tables.begin(Calm(), "tighten"):
            tighten(self.tables, {(recipient, about): reason}, now)
