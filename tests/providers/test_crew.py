"""Those who work a lane: never more than there is room for, in order, and nothing that waited too long."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from notifier.domain.pushes import Accepted, Again, Refused, Trouble
from notifier.providers.crew import Crew
from tests.providers.crews import PATIENCE, Lane, working_lane

NOT_SENT = Again(trouble=Trouble.NOT_SENT)


@pytest.fixture
async def lane() -> AsyncIterator[Lane]:
    async with working_lane() as lane:
        yield lane


@pytest.mark.holds("R12")
async def test_no_more_are_under_way_than_there_is_room_for_and_all_go_in_order(lane: Lane) -> None:
    lane.hand(*range(10))
    await asyncio.sleep(0.02)
    assert lane.under_way == [0, 1]
    lane.go.set()
    await lane.until_told(10)
    assert lane.begun == list(range(10))
    assert lane.most == 2


@pytest.mark.holds("R12")
async def test_room_that_comes_is_used_at_once_and_room_that_goes_is_left(lane: Lane) -> None:
    lane.hand(1)
    await asyncio.sleep(0.02)
    lane.capacity = 8
    lane.hand(*range(2, 7))
    await asyncio.sleep(0.02)
    assert len(lane.under_way) == 6
    lane.capacity = 1
    lane.hand(7, 8)
    lane.go.set()
    await lane.until_told(8)
    lane.most = 0
    lane.hand(*range(20, 30))
    await lane.until_told(18)
    assert lane.most == 1


@pytest.mark.holds("R12", "I3")
async def test_what_has_waited_too_long_is_not_sent(lane: Lane) -> None:
    lane.hand(1, 2, 3, 4)
    await asyncio.sleep(PATIENCE.total_seconds() + 0.05)
    lane.go.set()
    await lane.until_told(4)
    assert lane.told == {1: Accepted(), 2: Accepted(), 3: NOT_SENT, 4: NOT_SENT}


@pytest.mark.holds("R12", "R17")
async def test_what_comes_while_enough_wait_is_not_sent_and_what_comes_later_is(lane: Lane) -> None:
    lane.crew = Crew(lane.send, lane, PATIENCE, lane.tell, most_waiting=3)
    lane.hand(0, 1)
    await asyncio.sleep(0.02)
    lane.hand(*range(2, 10))
    assert lane.told == dict.fromkeys(range(5, 10), NOT_SENT)
    lane.go.set()
    await lane.until_told(10)
    lane.hand(10)
    await lane.until_told(11)
    assert lane.begun == [0, 1, 2, 3, 4, 10]


@pytest.mark.holds("R12", "R16")
async def test_what_could_not_fit_is_refused_and_the_next_goes_on(lane: Lane) -> None:
    lane.go.set()
    lane.hand(13, 14)
    await lane.until_told(2)
    assert lane.told == {13: Refused(trouble=Trouble.REFUSED), 14: Accepted()}


@pytest.mark.holds("R12")
async def test_a_fault_of_ours_is_told_to_whoever_owns_the_crew(lane: Lane) -> None:
    lane.go.set()
    lane.hand(99)
    with pytest.raises(RuntimeError, match="a fault of ours"):
        async with asyncio.timeout(5):
            await lane.crew.failed
