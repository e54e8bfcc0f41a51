"""A tightening that is heard of between a commit and the lanes (A30)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from notifier.dispatch.batches import Due
from notifier.dispatch.bounds import Limits
from notifier.dispatch.fleet import Fleet
from notifier.dispatch.lanes import Lane
from tests.dispatch.parts import LANE, Clock, a_due

pytestmark = pytest.mark.holds("A30", "B12")
LEASE = timedelta(seconds=60)


class Work:
    """Remembers what was attempted and what was let go."""

    def __init__(self) -> None:
        self.attempted: list[int] = []
        self.given_back: list[int] = []

    async def handle(self, due: Due) -> None:
        self.attempted.append(due.id)

    async def give_back(self, due: Due) -> None:
        self.given_back.append(due.id)


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
async def fleet(clock: Clock, work: Work) -> AsyncIterator[Fleet]:
    limits = Limits(workers=2, most=100, lease=LEASE, request_deadline=timedelta(seconds=1))
    lanes = {LANE: Lane(LANE, work, limits, clock, lambda _fact: None)}
    fleet = Fleet(lanes=lanes, lease=LEASE, workers=2, monotonic=clock)
    running = asyncio.create_task(fleet.run())
    await asyncio.sleep(0)
    yield fleet
    await fleet.close()
    await running


async def test_what_was_judged_before_it_is_let_go(fleet: Fleet, clock: Clock, work: Work) -> None:
    judged_at = clock()
    clock.move(0.2)
    await fleet.drop([7, 8])  # type: ignore[list-item]
    await fleet.offer([a_due(1, recipient=7), a_due(2, recipient=3, subject=8), a_due(3, recipient=4)], judged_at)
    await asyncio.sleep(0.01)
    assert (sorted(work.given_back), work.attempted) == ([1, 2], [3])


async def test_what_was_judged_after_it_goes_out(fleet: Fleet, clock: Clock, work: Work) -> None:
    await fleet.drop([7])  # type: ignore[list-item]
    clock.move(0.2)
    await fleet.offer([a_due(1, recipient=7)], clock())
    await asyncio.sleep(0.01)
    assert (work.given_back, work.attempted) == ([], [1])


async def test_it_is_remembered_as_long_as_a_lease(fleet: Fleet, clock: Clock) -> None:
    await fleet.drop([7])  # type: ignore[list-item]
    clock.move(LEASE.total_seconds() + 1)
    await fleet.drop([8])  # type: ignore[list-item]
    assert [recipients for _, recipients in fleet.tightened] == [[8]]
