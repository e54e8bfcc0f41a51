"""A lane that was told something which concerns all of it: it stands still, asks now and then, and goes on."""

from datetime import timedelta

import pytest

from notifier.domain.pushes import Again, Refused, Trouble
from notifier.providers.standstill import Standstill
from notifier.wire.reactions import BROKEN, DONE, MALFORMED, OVERLOADED, REFUSED, STOPPED, Reaction, Row
from tests.dispatch.parts import Clock

QUOTA = Row(reaction=Reaction.SLOW, outcome=Again(trouble=Trouble.BUSY, after=timedelta(seconds=30)))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.holds("R13", "R12")
def test_a_stopped_lane_lets_one_push_a_minute_ask_until_one_is_taken(clock: Clock) -> None:
    standstill = Standstill(clock)
    standstill.hear(STOPPED)
    assert standstill.ask() == Refused(trouble=Trouble.CONFIGURATION)
    clock.move(60)
    assert [standstill.ask() for _ in range(2)] == [None, Refused(trouble=Trouble.CONFIGURATION)]
    standstill.hear(STOPPED)
    assert standstill.ask() == Refused(trouble=Trouble.CONFIGURATION)
    clock.move(60)
    assert standstill.ask() is None
    standstill.hear(DONE)
    assert [standstill.ask() for _ in range(3)] == [None] * 3


@pytest.mark.holds("R12", "A31")
def test_a_wait_that_the_provider_names_holds_for_the_whole_lane(clock: Clock) -> None:
    standstill = Standstill(clock)
    standstill.hear(QUOTA)
    clock.move(10)
    assert standstill.ask() == Again(trouble=Trouble.BUSY, after=timedelta(seconds=20))
    clock.move(20)
    assert standstill.ask() is None


@pytest.mark.holds("R13")
@pytest.mark.parametrize("row", [DONE, REFUSED, MALFORMED, BROKEN, OVERLOADED])
def test_what_concerns_one_push_stops_no_other(clock: Clock, row: Row) -> None:
    standstill = Standstill(clock)
    standstill.hear(row)
    assert standstill.told is None
    assert standstill.ask() is None


@pytest.mark.holds("R13")
@pytest.mark.parametrize(("row", "still"), [(REFUSED, False), (DONE, False), (BROKEN, True), (OVERLOADED, True)])
def test_the_lane_goes_on_when_a_push_is_judged_by_itself(clock: Clock, row: Row, still: bool) -> None:
    standstill = Standstill(clock)
    standstill.hear(STOPPED)
    clock.move(60)
    assert standstill.ask() is None
    standstill.hear(row)
    assert (standstill.told is not None) is still
