"""Ages, birthdays, days and windows in Europe/Stockholm."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.ages import is_old_enough, is_within, local_day, midnight, ombud_until, own_from
from tests.domain.cast import STOCKHOLM, local

BORN = st.dates(date(1950, 1, 1), date(2026, 12, 31))


AGES = st.integers(0, 100)


INSTANTS = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.holds("B11")
@given(BORN, AGES)
def test_the_ombud_ends_on_the_birthday_and_never_after_own_age_begins(born: date, age: int) -> None:
    ends, begins = ombud_until(born, age), own_from(born, age)
    if (born.month, born.day) == (2, 29) and ends != begins:
        assert (ends, begins) == (date(born.year + age, 2, 28), date(born.year + age, 3, 1))
    else:
        assert ends == begins == date(born.year + age, born.month, born.day)


@pytest.mark.holds("B11")
@pytest.mark.parametrize(
    ("age", "ends", "begins"),
    [
        (12, date(2024, 2, 29), date(2024, 2, 29)),
        (13, date(2025, 2, 28), date(2025, 3, 1)),
        (16, date(2028, 2, 29), date(2028, 2, 29)),
        (18, date(2030, 2, 28), date(2030, 3, 1)),
        (88, date(2100, 2, 28), date(2100, 3, 1)),
    ],
)
def test_born_on_29_february_the_ombud_ends_on_the_28th_and_own_age_begins_on_1_march(
    age: int, ends: date, begins: date
) -> None:
    assert ombud_until(date(2012, 2, 29), age) == ends
    assert own_from(date(2012, 2, 29), age) == begins


@pytest.mark.holds("B11", "R8")
@given(BORN.filter(lambda born: (born.month, born.day) != (2, 29)), st.integers(0, 60), INSTANTS)
def test_somebody_is_old_enough_exactly_from_midnight_of_the_birthday(born: date, age: int, now: datetime) -> None:
    begins = datetime(born.year + age, born.month, born.day, tzinfo=STOCKHOLM)
    assert is_old_enough(born, age, now) is (now >= begins.astimezone(UTC))


@pytest.mark.holds("A12")
@given(AGES, INSTANTS)
def test_an_unknown_birth_date_is_never_old_enough(age: int, now: datetime) -> None:
    assert not is_old_enough(None, age, now)


@pytest.mark.holds("R8")
@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 1, 14, 22, 59, tzinfo=UTC), date(2026, 1, 14)),
        (datetime(2026, 1, 14, 23, 0, tzinfo=UTC), date(2026, 1, 15)),
        (datetime(2026, 7, 14, 21, 59, tzinfo=UTC), date(2026, 7, 14)),
        (datetime(2026, 7, 14, 22, 0, tzinfo=UTC), date(2026, 7, 15)),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_a_day_turns_at_midnight_in_stockholm_in_winter_summer_and_on_change_days(now: datetime, day: date) -> None:
    assert local_day(now) == day


@pytest.mark.holds("R8", "B12")
@pytest.mark.parametrize(
    ("day", "length"),
    [(SPRING, timedelta(hours=23)), (AUTUMN, timedelta(hours=25)), (date(2026, 6, 1), timedelta(hours=24))],
)
def test_days_of_change_last_23_and_25_hours(day: date, length: timedelta) -> None:
    begins, ends = midnight(day).astimezone(UTC), midnight(day + timedelta(days=1)).astimezone(UTC)
    assert ends - begins == length


@pytest.mark.holds("R8", "B12")
@given(st.dates(date(2015, 1, 1), date(2035, 1, 1)))
def test_midnight_is_the_first_instant_of_its_day(day: date) -> None:
    begins = midnight(day).astimezone(UTC)
    assert local_day(begins) == day
    assert local_day(begins - timedelta(microseconds=1)) == day - timedelta(days=1)


@pytest.mark.holds("B15")
@pytest.mark.parametrize("day", ["2026-01-15", "2026-07-15", "2026-03-29", "2026-10-25"])
@pytest.mark.parametrize(
    ("clock", "inside"),
    [("06:59:59", False), ("07:00", True), ("12:00", True), ("20:59:59", True), ("21:00", False), ("00:00", False)],
)
def test_the_day_window_is_07_to_21_on_the_wall_also_when_clocks_change(day: str, clock: str, inside: bool) -> None:
    assert is_within(local(f"{day}T{clock}"), time(7), time(21)) is inside


@pytest.mark.holds("B15")
@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [(SPRING, 5, 19), (AUTUMN, 6, 20), (date(2026, 3, 28), 6, 20), (date(2026, 10, 24), 5, 19)],
)
def test_the_day_window_in_utc_moves_with_summer_time(day: date, opens: int, closes: int) -> None:
    for hour in range(24):
        now = datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)
        assert is_within(now, time(7), time(21)) is (opens <= hour < closes)


@pytest.mark.holds("B15", "A11")
@pytest.mark.parametrize(
    ("now", "inside"),
    [
        ("2026-11-20T21:59", False),
        ("2026-11-20T22:00", True),
        ("2026-11-20T23:59", True),
        ("2026-11-21T00:00", True),
        ("2026-11-21T06:29", True),
        ("2026-11-21T06:30", False),
        ("2026-03-29T03:30", True),
        ("2026-10-25T02:30", True),
    ],
)
def test_quiet_hours_pass_midnight(now: str, inside: bool) -> None:
    assert is_within(local(now), time(22), time(6, 30)) is inside


@pytest.mark.holds("B15")
@given(INSTANTS, st.times(), st.times())
def test_a_window_and_its_rest_share_the_day_between_them(now: datetime, start: time, end: time) -> None:
    if start == end:
        assert not is_within(now, start, end)
    else:
        assert is_within(now, start, end) is not is_within(now, end, start)
