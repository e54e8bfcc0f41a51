"""What an event's row says after its opening, and when nobody told becomes unreachable (A25, B6)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.catalogue import EventType
from notifier.domain.ends import Ended, Sequence, course_of, due_at
from notifier.domain.identifiers import PersonId
from notifier.domain.reasons import End, HoldReason, Reason
from notifier.domain.verdicts import Skip, Verdict
from tests.domain.cast import CHILD, FATHER, MOTHER, NOON
from tests.domain.kinds import CHANGED, INBOX, SUMMONS, VIDEO
from tests.domain.records import A_PUSH, HELD, an_opening, play

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def skip(reason: Reason) -> Skip:
    return Skip(reason=reason)


@pytest.mark.holds("A25", "B6")
@pytest.mark.parametrize(
    ("type_", "happens_in", "due_in"),
    [
        (CHANGED, 10 * DAY, 10 * DAY - 4 * HOUR),
        (SUMMONS, 10 * DAY, 7 * DAY),
        (SUMMONS, None, 14 * DAY),
        (SUMMONS, 30 * DAY, 14 * DAY),
        (INBOX, None, 7 * DAY),
        (CHANGED, 3 * HOUR, HOUR / 12),
        (CHANGED, 4 * HOUR + HOUR / 12, HOUR / 12),
        (SUMMONS, 2 * DAY, HOUR / 12),
        (CHANGED, HOUR / 60, HOUR / 60),
        (VIDEO, HOUR / 12, HOUR / 12),
        (VIDEO, timedelta(0), HOUR / 12),
    ],
)
def test_nobody_told_is_known_early_enough_for_a_call_or_a_letter(
    type_: EventType, happens_in: timedelta | None, due_in: timedelta
) -> None:
    happens_at = None if happens_in is None else NOON + happens_in
    assert due_at(an_opening(0, type_=type_, happens_at=happens_at)) == NOON + due_in


@pytest.mark.holds("A25")
@given(st.timedeltas(timedelta(0), 40 * DAY), st.sampled_from([CHANGED, SUMMONS, VIDEO]))
def test_the_warning_is_never_before_five_minutes_nor_past_the_useful_time(ahead: timedelta, type_: EventType) -> None:
    opening = an_opening(0, type_=type_, happens_at=NOON + ahead)
    assert due_at(opening) <= opening.useful_until
    assert due_at(opening) >= min(opening.opened_at + HOUR / 12, opening.useful_until)


def course(verdicts: dict[PersonId, Verdict]) -> tuple[Ended | None, HoldReason | None, datetime]:
    said = course_of(play(an_opening(0, verdicts)).opened[0])
    return said.ended, said.held, said.due_at


@pytest.mark.holds("B6", "A7", "A25")
def test_an_events_course_after_opening_is_under_way_held_or_ended() -> None:
    gone = skip(Reason.NO_DEVICE)
    week = NOON + 7 * DAY
    assert course({CHILD: A_PUSH, MOTHER: gone}) == (None, None, week)
    assert course({CHILD: gone, MOTHER: HELD, FATHER: A_PUSH}) == (None, HoldReason.FEED_STALE, week)
    assert course({CHILD: gone}) == (Ended(end=End.UNREACHABLE, reason=Reason.NO_DEVICE), None, week)
    assert course({}) == (Ended(end=End.EXPIRED, reason=Reason.EXPIRED), None, week)


@pytest.mark.holds("A25")
def test_what_has_ended_is_not_held_though_a_guardian_would_wait() -> None:
    handled = skip(Reason.ALREADY_HANDLED)
    assert course({CHILD: handled, MOTHER: HELD})[:2] == (Ended(end=End.SEEN), None)


@pytest.mark.holds("A27", "I9")
def test_sequence_numbers_only_rise_along_an_events_life_and_rejections_are_zero() -> None:
    life = [Sequence.ACCEPTED, Sequence.HELD, Sequence.PUSHED, Sequence.SMS_SENT, Sequence.EMAIL_SENT, Sequence.END]
    assert life == sorted(set(life))
    assert [Sequence["DUPLICATE"].value, Sequence["REJECTED"].value] == [0, 0]
    assert min(life) > 0
