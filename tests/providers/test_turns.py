"""While much is under way the connections' thread gets the interpreter in long turns; else nothing is held up."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from types import SimpleNamespace

import pytest

from notifier.domain.pushes import Accepted, Outcome, Parcel
from notifier.providers.crew import Crew
from notifier.providers.turns import MANY, TURN_SECONDS
from tests.providers.lanes import fresh_parcel


class Slow:
    """A lane that answers when it is told to."""

    capacity = 2 * MANY

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.answered = 0
        self.crew = Crew(self.send, self, timedelta(seconds=5), self.tell)

    async def send(self, _parcel: Parcel) -> Outcome:
        await self.go.wait()
        return Accepted()

    def tell(self, _number: int, _outcome: Outcome) -> None:
        self.answered += 1

    async def hand(self, count: int) -> None:
        for number in range(count):
            self.crew.hand(number, fresh_parcel(number=number))
        await asyncio.sleep(0.01)


@pytest.fixture
async def slow() -> AsyncIterator[Slow]:
    slow = Slow()
    yield slow
    slow.crew.dismiss()
    await asyncio.sleep(0)


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
async def test_with_many_under_way_there_is_a_rest_in_each_round_of_the_loop(slow: Slow, rests: list[float]) -> None:
    await slow.hand(MANY)
    assert await count_rests(rests, rounds=10) == 10
    assert set(rests) == {TURN_SECONDS}


@pytest.mark.holds("R12")
async def test_with_few_under_way_nothing_is_held_up(slow: Slow, rests: list[float]) -> None:
    await slow.hand(MANY - 1)
    assert rests == []


@pytest.mark.holds("R12")
async def test_rests_end_with_what_was_under_way_and_begin_again_with_the_next(slow: Slow, rests: list[float]) -> None:
    await slow.hand(MANY)
    slow.go.set()
    await asyncio.sleep(0.01)
    assert slow.answered == MANY
    assert await count_rests(rests) == 0
    slow.go.clear()
    await slow.hand(MANY)
    assert await count_rests(rests) == 10
