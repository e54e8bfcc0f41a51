"""Until when a notice is useful, and when its push expires (ANSWERS Types, B12, A25)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.catalogue import EventType, Useful
from notifier.domain.verdicts import Push
from tests.domain.cast import (
    NOON,
    a_person,
    an_event,
    an_ombud,
    around,
    decide_at,
)
from tests.domain.kinds import CHANGED, INBOX, SUMMONS, VIDEO

DAY, MINUTE, TICK = timedelta(days=1), timedelta(minutes=1), timedelta(microseconds=1)


INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


SPANS = st.timedeltas(timedelta(days=-40), timedelta(days=400))


@pytest.mark.holds("A25", "B12")
@given(INSTANTS, SPANS)
def test_a_booking_is_useful_until_it_happens_and_never_past_opening_plus_14_days(
    opened_at: datetime, ahead: timedelta
) -> None:
    expected = opened_at + min(ahead, 14 * DAY)
    assert CHANGED.useful.until(opened_at, opened_at + ahead) == expected


@pytest.mark.holds("A25", "B12")
@given(INSTANTS, SPANS)
def test_a_video_meeting_is_useful_until_15_minutes_after_it_began(opened_at: datetime, ahead: timedelta) -> None:
    expected = opened_at + min(ahead + 15 * MINUTE, 14 * DAY)
    assert VIDEO.useful.until(opened_at, opened_at + ahead) == expected


@pytest.mark.holds("R1")
@pytest.mark.parametrize("length", [1, 3, 7, 14])
def test_other_types_are_useful_for_their_length_whatever_happens_at_says(length: int) -> None:
    useful = Useful(length=length * DAY)
    assert useful.until(NOON, None) == NOON + length * DAY
    assert useful.until(NOON, NOON + DAY / 2) == NOON + length * DAY


@pytest.mark.holds("R1")
def test_a_type_of_a_longer_length_is_still_cut_at_14_days() -> None:
    assert Useful(length=30 * DAY).until(NOON, None) == NOON + 14 * DAY


@pytest.mark.holds("R1")
def test_summons_without_a_moment_are_useful_for_14_days() -> None:
    assert SUMMONS.useful.until(NOON, None) == NOON + 14 * DAY
    assert SUMMONS.useful.until(NOON, NOON + 2 * DAY) == NOON + 2 * DAY


@pytest.mark.holds("R1")
def test_a_type_that_says_no_length_gets_14_days() -> None:
    assert CHANGED.useful.until(NOON, None) == NOON + 14 * DAY


@pytest.mark.holds("A25")
@pytest.mark.parametrize(
    ("type_", "happens_at", "late"),
    [(INBOX, None, 7 * DAY), (CHANGED, NOON + DAY, DAY), (VIDEO, NOON, 15 * MINUTE)],
)
def test_past_its_useful_time_an_event_gives_no_notices(
    type_: EventType, happens_at: datetime | None, late: timedelta
) -> None:
    event = an_event(type_, happens_at=happens_at)
    assert len(decide_at(event, a_person(), opened_at=NOON, under=around(NOON + late - TICK))) == 1
    assert decide_at(event, a_person(), an_ombud(), opened_at=NOON, under=around(NOON + late)) == ()


@pytest.mark.holds("B12")
def test_a_push_expires_when_it_is_no_longer_useful_counted_from_opening_not_from_now() -> None:
    verdict = decide_at(an_event(), a_person(), opened_at=NOON, under=around(NOON + DAY))[0].verdict
    assert isinstance(verdict, Push)
    assert verdict.expires_at == NOON + 7 * DAY
