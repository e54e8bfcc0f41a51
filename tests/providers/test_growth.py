"""Whether one more connection is worth it."""

import pytest

from notifier.providers.growth import FUTILE_SECONDS, Growth
from tests.dispatch.parts import Clock


class Need:
    """Asks ten times a second while so many answers a second come."""

    def __init__(self) -> None:
        self.clock, self.answers, self.connections, self.most = Clock(), 0, 2, 8
        self.growth = Growth(self.clock)

    def last(self, seconds: float, per_second: int) -> int:
        """Give by how many connections it is more, or fewer, afterwards."""
        before = self.connections
        for _ in range(round(seconds * 10)):
            self.clock.move(0.1)
            self.answers += per_second // 10
            self.connections += self.growth.ask(self.answers, self.connections, self.most)
        return self.connections - before


@pytest.mark.holds("R12")
def test_need_that_lasts_a_second_brings_one_connection_and_a_moment_of_it_none() -> None:
    need = Need()
    assert need.last(0.5, 1_000) == 0
    assert need.last(0.8, 1_000) == 1


@pytest.mark.holds("R12")
def test_as_long_as_each_brings_its_share_there_is_another_every_two_seconds() -> None:
    need = Need()
    assert need.last(1.2, 2_000) == 1
    assert [need.last(2.1, 1_000 * at) for at in range(3, 7)] == [1, 1, 1, 1]


@pytest.mark.holds("R12")
def test_a_new_one_has_a_second_to_grow_before_it_is_judged() -> None:
    need = Need()
    assert need.last(1.2, 10_000) == 1
    assert need.last(0.9, 9_000) == 0
    assert need.last(1.1, 13_000) == 1


@pytest.mark.holds("R12")
def test_one_that_brought_too_little_goes_again_and_none_is_tried_for_five_minutes() -> None:
    need = Need()
    assert need.last(1.2, 10_000) == 1
    assert need.last(2.2, 11_000) == -1
    assert need.last(FUTILE_SECONDS - 5, 11_000) == 0
    assert need.last(6.2, 11_000) == 1


@pytest.mark.holds("R12")
def test_need_that_came_back_later_is_judged_anew() -> None:
    need = Need()
    assert need.last(1.2, 1_000) == 1
    need.clock.move(3_600)
    assert need.last(0.5, 100) == 0
    assert need.last(1.0, 100) == 1


@pytest.mark.holds("R12")
def test_where_there_may_be_no_more_those_that_there_are_stay() -> None:
    need = Need()
    need.most = 3
    assert need.last(1.2, 2_000) == 1
    assert need.last(60, 3_000) == 0
    assert need.connections == need.most
