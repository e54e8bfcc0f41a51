"""The sandbox's clock: forward only, ten days in all, the same in every process, and remembered (A34)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from notifier.app.sandbox.clock import MovedClock
from notifier.domain.faults import Misconfigured

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Wall:
    """The real time of a test."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.mark.holds("A34")
def test_it_goes_with_the_real_time_ahead_by_as_much_as_it_was_moved(tmp_path: Path, wall: Wall) -> None:
    clock = MovedClock(tmp_path, wall)
    assert clock.now() == NOON
    clock.forward(DAY)
    wall.at += HOUR
    assert (clock.now(), clock.ahead, clock.left) == (NOON + DAY + HOUR, DAY, 9 * DAY)


@pytest.mark.holds("A34")
@pytest.mark.parametrize("by", [timedelta(), -HOUR, 9 * DAY + timedelta(milliseconds=1)])
def test_it_goes_neither_back_nor_beyond_ten_days_in_all(tmp_path: Path, wall: Wall, by: timedelta) -> None:
    clock = MovedClock(tmp_path, wall)
    clock.forward(DAY)
    with pytest.raises(ValueError, match="10 days in all"):
        clock.forward(by)
    assert clock.now() == NOON + DAY
    clock.forward(9 * DAY)


@pytest.mark.holds("A34", "A35")
def test_another_process_sees_a_move_at_once_and_the_next_run_remembers_it(tmp_path: Path, wall: Wall) -> None:
    clock, other = MovedClock(tmp_path, wall), MovedClock(tmp_path, wall)
    clock.forward(DAY)
    assert other.now() == NOON + DAY
    assert MovedClock(tmp_path, wall).now() == NOON + DAY


@pytest.mark.holds("A34", "R38")
def test_it_tells_what_it_showed_at_an_earlier_instant(tmp_path: Path, wall: Wall) -> None:
    clock = MovedClock(tmp_path, wall)
    wall.at = NOON + HOUR
    clock.forward(DAY)
    wall.at = NOON + 2 * HOUR
    clock.forward(HOUR)
    read = [MovedClock(tmp_path, wall).read(NOON + hours * HOUR) - NOON for hours in (0, 1, 2)]
    assert read == [timedelta(), DAY + HOUR, DAY + 3 * HOUR]


@pytest.mark.holds("A34")
def test_a_line_that_a_crash_cut_short_is_no_move(tmp_path: Path, wall: Wall) -> None:
    MovedClock(tmp_path, wall).forward(DAY)
    with (tmp_path / "clock.moves").open("a") as journal:
        journal.write("2026-11-22T12:")
    clock = MovedClock(tmp_path, wall)
    assert clock.read(NOON) == NOON + DAY


@pytest.mark.holds("A34", "A35")
@pytest.mark.parametrize("content", [b"", b"1234567", b"\xff" * 8, b"\x7f" * 8])
def test_a_clock_that_is_damaged_says_what_to_do(tmp_path: Path, wall: Wall, content: bytes) -> None:
    (tmp_path / "clock").write_bytes(content)
    with pytest.raises(Misconfigured, match="make run FRESH=1"):
        MovedClock(tmp_path, wall)


@pytest.mark.holds("A34")
@pytest.mark.parametrize(
    "cut", ["2026-11-22T12:00:00+00:00 864", "\xff\xfe x\n", "2026-99-99 1\n", "2026-11-22 " + "9" * 40 + "\n"]
)
def test_what_is_no_move_in_the_journal_is_passed_over(tmp_path: Path, wall: Wall, cut: str) -> None:
    MovedClock(tmp_path, wall).forward(DAY)
    with (tmp_path / "clock.moves").open("a", encoding="latin-1") as journal:
        journal.write(cut)
    wall.at += HOUR
    clock = MovedClock(tmp_path, wall)
    clock.forward(HOUR)
    assert [MovedClock(tmp_path, wall).read(at) - at for at in (NOON, NOON + HOUR)] == [DAY, DAY + HOUR]
