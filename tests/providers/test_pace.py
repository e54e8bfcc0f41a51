"""How fast a project of Google's is sent to (A33, protocols 3.3)."""

import pytest

from notifier.providers.pace import Pace, Quota
from tests.dispatch.parts import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


def pass_seconds(pace: Pace, clock: Clock, seconds: float) -> int:
    """Send as fast as it allows, and give how many messages went."""
    sent, ends = 0, clock.seconds + seconds
    while clock.seconds < ends:
        wait = pace.take()
        clock.move(max(wait, 0.0))
        sent += 1
    return sent


@pytest.mark.holds("A33")
def test_it_begins_with_1000_a_second_and_reaches_9000_after_a_minute(clock: Clock) -> None:
    pace = Pace(Quota(), clock)
    assert pass_seconds(pace, clock, 1) == pytest.approx(1_000, rel=0.2)
    pass_seconds(pace, clock, 58)
    assert pass_seconds(pace, clock, 1) == pytest.approx(9_000, rel=0.02)
    assert pass_seconds(pace, clock, 60) == pytest.approx(540_000, rel=0.001)


@pytest.mark.holds("A33")
def test_no_minute_is_over_the_quota_however_it_begins(clock: Clock) -> None:
    pace = Pace(Quota(), clock)
    for _ in range(5):
        assert pass_seconds(pace, clock, 60) < 600_000
        clock.move(30)


@pytest.mark.holds("A33")
@pytest.mark.parametrize(("idle", "per_second"), [(599, 9_000), (601, 1_000)])
def test_ten_minutes_without_a_message_let_it_begin_anew(clock: Clock, idle: float, per_second: int) -> None:
    pace = Pace(Quota(), clock)
    pass_seconds(pace, clock, 70)
    clock.move(idle)
    pace.take()
    assert pace.per_second == pytest.approx(per_second, rel=0.01)


@pytest.mark.holds("A33", "R13")
def test_after_a_used_up_quota_it_begins_anew(clock: Clock) -> None:
    pace = Pace(Quota(), clock)
    pass_seconds(pace, clock, 70)
    pace.begin_anew()
    assert pace.per_second == 1_000


@pytest.mark.holds("A33")
def test_who_sends_little_never_waits(clock: Clock) -> None:
    pace = Pace(Quota(), clock)
    for _ in range(1_000):
        assert pace.take() <= 0
        clock.move(0.01)
