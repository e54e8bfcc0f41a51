"""The deletion brake's rule with A10's numbers: at least 50, and over 2 % or 3 times the usual, in ten minutes."""

from datetime import UTC, datetime, timedelta

import pytest

from notifier.domain.deletions import Answers, begin_window, is_beyond_usual
from notifier.domain.policy import DeviceBrake

BRAKE = DeviceBrake(share=0.02, floor=50, mean_factor=3, mean_over=timedelta(days=7), window=timedelta(minutes=10))
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NEVER = Answers()


@pytest.mark.holds("R13", "A10")
@pytest.mark.parametrize(
    ("gone", "count", "beyond"),
    [
        (0, 0, False),
        (49, 49, False),
        (49, 2_400, False),
        (50, 50, True),
        (50, 2_400, True),
        (50, 2_499, True),
        (50, 2_500, False),
        (51, 2_500, True),
        (10_000, 1_000_000, False),
        (20_000, 1_000_000, False),
        (20_001, 1_000_000, True),
        (2_400_000, 2_400_000, True),
    ],
)
def test_at_least_50_and_more_than_2_percent_are_beyond_the_usual(gone: int, count: int, beyond: bool) -> None:
    assert is_beyond_usual(Answers(count=count, gone=gone), NEVER, BRAKE) is beyond


@pytest.mark.holds("R13", "A10")
@pytest.mark.parametrize(
    ("mean", "gone", "beyond"),
    [
        (Answers(count=1_000_000, gone=10_000), 300, False),
        (Answers(count=1_000_000, gone=10_000), 301, True),
        (Answers(count=100, gone=1), 300, False),
        (Answers(count=100, gone=1), 301, True),
        (Answers(count=1_000_000, gone=1_000), 200, False),
        (Answers(count=1_000_000, gone=1_000), 201, True),
        (Answers(count=1_000_000, gone=0), 201, True),
    ],
)
def test_where_tokens_are_gone_more_often_it_takes_more_than_three_times_the_usual(
    mean: Answers, gone: int, beyond: bool
) -> None:
    assert is_beyond_usual(Answers(count=10_000, gone=gone), mean, BRAKE) is beyond


@pytest.mark.holds("R13", "A10")
@pytest.mark.parametrize(
    ("now", "begins"),
    [
        (NOON, NOON - timedelta(minutes=10)),
        (NOON + timedelta(seconds=59, microseconds=999_999), NOON - timedelta(minutes=10)),
        (NOON + timedelta(minutes=1), NOON - timedelta(minutes=9)),
    ],
)
def test_the_window_holds_ten_whole_minutes_and_the_one_that_runs(now: datetime, begins: datetime) -> None:
    assert begin_window(now, BRAKE) == begins


@pytest.mark.holds("R13")
def test_shares_are_of_what_was_answered() -> None:
    assert (NEVER.share, Answers(count=2_400, gone=60).share) == (0, 0.025)
