"""While much is under way the connections' thread gets the interpreter in long turns; else nothing is held up."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest

from notifier.providers.turns import MANY, TURN_SECONDS
from tests.providers.crews import Lane, working_lane


@pytest.fixture
async def lane() -> AsyncIterator[Lane]:
    async with working_lane() as lane:
        lane.capacity = 2 * MANY
        yield lane


async def hand(lane: Lane, count: int) -> None:
    lane.hand(*range(100, 100 + count))
    await asyncio.sleep(0.01)


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give the length of each rest, in seconds; none is really taken."""
    taken: list[float] = []
    monkeypatch.setattr("notifier.providers.turns.time", SimpleNamespace(sleep=taken.append))
    return taken


async def count_rests(rests: list[float], rounds: int = 10) -> int:
    """Count the rests within so many rounds of the loop."""
    before = len(rests)
    for _ in range(rounds):
        await asyncio.sleep(0)
    return len(rests) - before


@pytest.mark.holds("R12")
async def test_with_many_under_way_there_is_a_rest_in_each_round_of_the_loop(lane: Lane, rests: list[float]) -> None:
    await hand(lane, MANY)
    assert await count_rests(rests, rounds=10) == 10
    assert set(rests) == {TURN_SECONDS}


@pytest.mark.holds("R12")
async def test_with_few_under_way_nothing_is_held_up(lane: Lane, rests: list[float]) -> None:
    await hand(lane, MANY - 1)
    assert rests == []


@pytest.mark.holds("R12")
async def test_rests_end_with_what_was_under_way_and_begin_again_with_the_next(lane: Lane, rests: list[float]) -> None:
    await hand(lane, MANY)
    lane.go.set()
    await asyncio.sleep(0.01)
    assert len(lane.told) == MANY
    assert await count_rests(rests) == 0
    lane.go.clear()
    await hand(lane, MANY)
    assert await count_rests(rests) == 10
