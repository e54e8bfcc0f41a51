"""Held events of which one cannot be judged: the others do not wait for it (DESIGN 3)."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from notifier.dispatch.batches import Batch, Due, Opened
from notifier.dispatch.bounds import Limits
from notifier.dispatch.claims import HeldEvent, Noticed
from notifier.dispatch.facts import BatchHalved, Fact
from notifier.dispatch.fleet import Fleet
from notifier.dispatch.intake import Clocks
from notifier.dispatch.lanes import Lane
from notifier.dispatch.patience import Patience
from notifier.dispatch.planning import Planner
from notifier.dispatch.rejudging import Rejudger
from notifier.domain.circumstances import Circumstances
from notifier.domain.events import Event
from notifier.domain.faults import Unavailable
from notifier.domain.identifiers import EventKey, NoticeId, PersonId, Pseudonym
from notifier.domain.people import Audience, Device
from notifier.domain.plans import Opening
from tests.dispatch.parts import LANE, Clock
from tests.domain.cast import CHILD, NOON, a_person, an_event, around

pytestmark = pytest.mark.holds("I8", "A7")
FAULT = ZeroDivisionError()


class HeldEvents:
    """Ten held events, some of which cannot be stored."""

    def __init__(self, *bad: int, fault: Exception = FAULT, told: bool = False) -> None:
        self.told = told
        self.bad = {EventKey(number.to_bytes(16)) for number in bad}
        self.fault = fault
        self.reopened: list[int] = []
        self.put_off_until: dict[int, datetime] = {}

    async def find_held(self, now: datetime, most: int) -> Sequence[HeldEvent]:
        notices = {CHILD: Noticed(id=NoticeId(1), verdict="push" if self.told else "hold")}
        events = [an_event(key=EventKey(number.to_bytes(16)), time=now) for number in range(10)]
        return [HeldEvent(day=NOON.date(), event=event, opened_at=now, notices=notices) for event in events]

    async def reopen(self, batch: Batch) -> Opened:
        keys = [item.work.event.key for item in batch.items if isinstance(item.work, Opening)]
        if self.bad & set(keys):
            raise self.fault
        self.reopened += [int.from_bytes(key) for key in keys]
        return Opened(due=(), fates={}, reasons={}, ends={}, quiet=False)

    async def put_off(self, held: HeldEvent, until: datetime) -> None:
        self.put_off_until[int.from_bytes(held.event.key)] = until


class Town:
    async def audience_of(self, subjects: Sequence[Pseudonym], now: datetime) -> dict[Pseudonym, Audience]:
        return {subject: Audience(subject=a_person()) for subject in subjects}

    async def find(self, people: Sequence[Pseudonym]) -> dict[Pseudonym, PersonId]:
        return {}


class Plain:
    def __init__(self, *bad: int) -> None:
        self.bad = {EventKey(number.to_bytes(16)) for number in bad}

    def write(self, event: Event, about: bytes | None) -> bytes:
        if event.key in self.bad:
            raise FAULT
        return b""

    def seal(self, written: bytes, device: Device, push_id: bytes) -> bytes:
        return b""


class NoWork:
    async def handle(self, due: Due) -> None:
        raise AssertionError(due)

    give_back = handle


async def calm(now: datetime) -> Circumstances:
    return around(now)


def judge(ledger: HeldEvents, clock: Clock, facts: list[Fact], sealing: Plain | None = None) -> Rejudger:
    limits = Limits(workers=2, most=100, lease=timedelta(seconds=60), request_deadline=timedelta(seconds=1))
    lanes = {LANE: Lane(LANE, NoWork(), limits, clock, facts.append)}
    fleet = Fleet(lanes=lanes, lease=limits.lease, workers=2, monotonic=clock)
    planner = Planner(
        entropy=bytes,
        sealing=sealing or Plain(),
        rooms=fleet,
        lease=fleet.lease,
        rejudge_every=timedelta(seconds=10),
        catalogue="1",
    )
    return Rejudger(
        ledger=ledger,
        directory=Town(),
        circumstances=calm,
        planner=planner,
        fleet=fleet,
        clocks=Clocks(now=lambda: NOON, wall=lambda: NOON, monotonic=clock),
        patience=Patience(part="rejudge", chance=lambda: 0.5, observe=facts.append),
        observe=facts.append,
    )


@pytest.mark.parametrize("bad", [(), (0,), (9,), (3, 4), tuple(range(10))])
async def test_it_is_put_off_alone_and_said(bad: tuple[int, ...], clock: Clock) -> None:
    ledger, facts = HeldEvents(*bad), list[Fact]()
    rejudger = judge(ledger, clock, facts)
    room = rejudger.fleet.lanes[LANE].room
    assert await rejudger.judge() == 10

    assert rejudger.fleet.lanes[LANE].room == room > 0
    assert sorted(ledger.reopened) == sorted(set(range(10)) - set(bad))
    assert ledger.put_off_until == dict.fromkeys(bad, NOON + timedelta(minutes=10))
    halved = [fact for fact in facts if isinstance(fact, BatchHalved)]
    assert {(fact.topic, fact.fault) for fact in halved} == ({("held", "ZeroDivisionError")} if bad else set())


async def test_places_for_those_who_were_told_before_are_given_back(clock: Clock) -> None:
    """Only what is held is opened again, but phones of the others are planned for, too."""
    ledger = HeldEvents(told=True)
    rejudger = judge(ledger, clock, [])
    room = rejudger.fleet.lanes[LANE].room
    for _ in range(room):
        assert await rejudger.judge() == 10
    assert rejudger.fleet.lanes[LANE].room == room


@pytest.mark.parametrize("bad", [(2,), (0, 9)])
async def test_places_of_an_event_that_cannot_be_planned_are_given_back(bad: tuple[int, ...], clock: Clock) -> None:
    ledger = HeldEvents()
    rejudger = judge(ledger, clock, [], Plain(*bad))
    room = rejudger.fleet.lanes[LANE].room
    assert await rejudger.judge() == 10
    assert rejudger.fleet.lanes[LANE].room == room
    assert sorted(ledger.put_off_until) == list(bad)


async def test_a_database_that_is_away_puts_nothing_off(clock: Clock) -> None:
    ledger = HeldEvents(3, fault=Unavailable("PostgreSQL: away"))
    with pytest.raises(Unavailable):
        await judge(ledger, clock, []).judge()
    assert (ledger.reopened, ledger.put_off_until) == ([], {})


async def test_being_stopped_is_no_fault_of_an_event(clock: Clock) -> None:
    ledger = HeldEvents(3, fault=asyncio.CancelledError())  # type: ignore[arg-type]
    with pytest.raises(asyncio.CancelledError):
        await judge(ledger, clock, []).judge()
    assert ledger.put_off_until == {}
