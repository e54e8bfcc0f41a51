"""How an event ends for its publisher (B6, A25)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.ends import Ended, end_at_once, end_untold, is_legacy
from notifier.domain.people import Person
from notifier.domain.reasons import End, HoldReason, Reason
from notifier.domain.verdicts import Hold, Skip, Verdict
from tests.domain.cast import CHILD, a_child, a_person
from tests.domain.records import A_PUSH, an_opening

HELD = Hold(reason=HoldReason.FEED_STALE)


SKIPS = [reason for reason in Reason if reason not in (Reason.ALREADY_HANDLED, Reason.WITHDRAWN)]


def skip(reason: Reason) -> Skip:
    return Skip(reason=reason)


def end_of(*verdicts: Verdict, legacy: bool = False) -> Ended | None:
    return end_at_once(an_opening(0, legacy=legacy), verdicts)


@pytest.mark.holds("B6", "A25")
def test_an_event_past_its_useful_time_when_read_ends_expired() -> None:
    assert end_of() == Ended(end=End.EXPIRED, reason=Reason.EXPIRED)
    assert end_of(legacy=True) == Ended(end=End.EXPIRED, reason=Reason.EXPIRED)


ORDER: list[tuple[Verdict, Ended | None]] = [
    (skip(Reason.ALREADY_HANDLED), Ended(end=End.SEEN)),
    (skip(Reason.WITHDRAWN), Ended(end=End.WITHDRAWN)),
    (A_PUSH, None),
    (HELD, None),
    (skip(Reason.SUPERSEDED), Ended(end=End.SUPERSEDED, reason=Reason.SUPERSEDED)),
    (skip(Reason.NO_DEVICE), Ended(end=End.UNREACHABLE, reason=Reason.NO_DEVICE)),
]


@pytest.mark.holds("B6", "A25", "A23")
@pytest.mark.parametrize("first", range(len(ORDER)))
@pytest.mark.parametrize("second", range(len(ORDER)))
def test_over_several_recipients_the_first_end_of_the_order_that_holds_for_any_stands(first: int, second: int) -> None:
    assert end_of(ORDER[first][0], ORDER[second][0]) == ORDER[min(first, second)][1]


@pytest.mark.holds("B6", "A25")
@given(st.lists(st.sampled_from(SKIPS), min_size=1, max_size=4))
def test_nobody_told_is_never_without_an_end_and_never_expired(reasons: list[Reason]) -> None:
    for legacy, untold in ((False, End.UNREACHABLE), (True, End.LEGACY)):
        ended = end_of(*map(skip, reasons), legacy=legacy)
        assert ended is not None
        assert ended.end is (End.SUPERSEDED if Reason.SUPERSEDED in reasons else untold)


@pytest.mark.holds("A25", "B5")
def test_where_nobody_is_told_legacy_or_unreachable_carries_the_subjects_reason() -> None:
    reasons = [Reason.MUTED, Reason.NO_DEVICE]
    assert end_untold(legacy=True, reasons=reasons) == Ended(end=End.LEGACY, reason=Reason.MUTED)
    assert end_untold(legacy=False, reasons=reasons) == Ended(end=End.UNREACHABLE, reason=Reason.MUTED)
    assert end_untold(legacy=False, reasons=[]) == Ended(end=End.UNREACHABLE)


@pytest.mark.holds("A25", "A26", "B5")
@pytest.mark.parametrize(
    ("sends", "subject", "legacy"),
    [
        (True, a_person(), True),
        (True, a_person(joined=False, devices=()), True),
        (False, a_person(), False),
        (True, Person(id=CHILD, known=False, active=True, protected=False), False),
        (True, a_person(deceased=True), False),
        (True, a_person(protected=True), False),
        (True, a_person(active=False), False),
        (True, a_person(loop=True), False),
        (True, a_child(), False),
        (True, a_child(active=True), True),
    ],
    ids=[
        "an active person",
        "region not joined",
        "a type that today's service does not send",
        "unknown",
        "deceased",
        "protected",
        "inactive",
        "identity in doubt",
        "a child without account",
        "a child with an account",
    ],
)
def test_todays_service_sends_only_its_types_to_known_living_active_unprotected_subjects(
    sends: bool, subject: Person, legacy: bool
) -> None:
    assert is_legacy(sends, subject) is legacy
