"""How many requests a connection may have in flight: more while replies are quick, fewer when they are not."""

import pytest

from notifier.providers.windows import FORGET_SECONDS, Bounds, Window
from tests.dispatch.parts import Clock

QUICK, SLOW, STOP = 0.060, 0.200, 0.250
BOUNDS = Bounds(first=100, least=1, most=400)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def window(clock: Clock) -> Window:
    return Window(BOUNDS, clock)


def reply(window: Window, clock: Clock, took_seconds: float, times: int, *, full: bool = True) -> None:
    """Hear answers that come one after the other within the time that each of them took."""
    for _ in range(times):
        clock.move(took_seconds / times)
        window.hear(took_seconds, window.limit if full else 0)


@pytest.mark.holds("R12")
def test_it_begins_with_100_and_is_quadrupled_within_a_second_of_quick_replies(window: Window, clock: Clock) -> None:
    assert window.limit == 100
    for _ in range(10):
        reply(window, clock, QUICK, window.limit)
    assert window.limit == BOUNDS.most
    assert window.spent


@pytest.mark.holds("R12")
def test_it_does_not_grow_for_somebody_who_does_not_need_it(window: Window, clock: Clock) -> None:
    reply(window, clock, QUICK, 10_000, full=False)
    assert window.limit == 100
    assert not window.spent


@pytest.mark.holds("R12")
def test_replies_that_become_slow_end_its_growth_and_never_make_it_narrower_than_it_began(
    window: Window, clock: Clock
) -> None:
    for _ in range(3):
        reply(window, clock, QUICK, window.limit)
    wide = window.limit
    assert wide > 150
    for _ in range(3):
        reply(window, clock, SLOW, 200)
    assert window.slow
    assert window.spent
    for _ in range(100):
        reply(window, clock, SLOW, 100)
    assert window.limit == 100


@pytest.mark.holds("R12")
def test_a_stop_that_delays_hundreds_of_replies_at_once_is_not_slowness(window: Window, clock: Clock) -> None:
    for _ in range(5):
        reply(window, clock, QUICK, window.limit)
    wide = window.limit
    clock.move(STOP)
    for _ in range(wide):
        window.hear(QUICK + STOP, wide)
    assert not window.slow
    for _ in range(5):
        reply(window, clock, QUICK, window.limit)
    assert window.limit > wide


@pytest.mark.holds("R12")
def test_it_grows_with_a_batch_of_answers_though_nothing_is_sent_between_them(window: Window, clock: Clock) -> None:
    for _ in range(100):
        window.hear(QUICK, 100)
    assert window.limit == 125


@pytest.mark.holds("R12")
def test_milliseconds_of_our_own_loop_are_not_slowness(window: Window, clock: Clock) -> None:
    reply(window, clock, 0.001, 100)
    reply(window, clock, 0.010, 100)
    assert not window.slow


@pytest.mark.holds("R12", "R13")
def test_a_refusal_halves_it_once_a_reply_time_and_growth_is_slow_afterwards(window: Window, clock: Clock) -> None:
    reply(window, clock, QUICK, 1, full=False)
    clock.move(1)
    for _ in range(50):
        window.refuse()
    assert window.limit == 50
    clock.move(1)
    window.refuse()
    assert window.limit == 25
    reply(window, clock, QUICK, 25)
    assert 30 <= window.limit <= 33


@pytest.mark.holds("R12", "R42")
def test_a_refusal_is_forgotten_after_some_answers_though_nobody_needs_the_places(window: Window, clock: Clock) -> None:
    reply(window, clock, QUICK, 1, full=False)
    clock.move(1)
    window.refuse()
    assert window.narrow
    for _ in range(7):
        reply(window, clock, QUICK, 100, full=False)
    assert not window.narrow
    assert window.limit == 100


@pytest.mark.holds("R12", "R13")
def test_one_push_at_a_time_always_goes(window: Window, clock: Clock) -> None:
    for _ in range(30):
        clock.move(1)
        window.refuse()
    assert window.limit == 1


@pytest.mark.holds("R12")
def test_what_was_quick_long_ago_is_forgotten(window: Window, clock: Clock) -> None:
    reply(window, clock, QUICK, 100)
    for _ in range(3):
        reply(window, clock, SLOW, 200)
    assert window.slow
    for _ in range(2):
        clock.move(FORGET_SECONDS)
        reply(window, clock, SLOW, 200)
    assert not window.slow
