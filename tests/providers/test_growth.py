"""Whether one more connection is worth it."""

import pytest

from notifier.providers.growth import FUTILE_SECONDS, Growth
from tests.dispatch.parts import Clock


class Need:
    """Asks ten times a second while so many answers a second come."""

    def __init__(self) -> None:
        self.clock, self.answers = Clock(), 0
        self.growth = Growth(self.clock)

    def last(self, seconds: float, per_second: int) -> int:
        added = 0
        for _ in range(round(seconds * 10)):
            self.clock.move(0.1)
            self.answers += per_second // 10
            added += self.growth.ask(self.answers)
        return added


@pytest.mark.holds("R12")
def test_need_that_lasts_a_second_brings_one_connection_and_a_moment_of_it_none() -> None:
    need = Need()
    assert need.last(0.5, 1_000) == 0
    assert need.last(0.8, 1_000) == 1


@pytest.mark.holds("R12")
def test_as_long_as_each_brings_more_there_is_another_a_second() -> None:
    need = Need()
    assert sum(need.last(1.1, 1_000 * at) for at in range(1, 6)) == 5


@pytest.mark.holds("R12")
def test_after_one_that_brought_nothing_there_is_none_for_five_minutes() -> None:
    need = Need()
    assert need.last(2.2, 1_000) == 1
    assert need.last(FUTILE_SECONDS, 1_000) == 0
    assert need.last(2.2, 1_000) == 1


@pytest.mark.holds("R12")
def test_need_that_came_back_later_is_judged_anew() -> None:
    need = Need()
    assert need.last(1.2, 1_000) == 1
    need.clock.move(3_600)
    assert need.last(0.5, 100) == 0
    assert need.last(1.0, 100) == 1
