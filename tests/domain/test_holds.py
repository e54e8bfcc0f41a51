"""Doubts hold, and what is definite goes before any doubt (A7, A8, A9, B28)."""

from datetime import datetime, timedelta

import pytest

from notifier.domain.people import Ombud, Person
from notifier.domain.reasons import HoldReason, Reason
from notifier.domain.verdicts import Hold, Push, Verdict
from tests.domain.bars import DOUBT, HOUR, OMBUD, refused, unknown
from tests.domain.cast import (
    FATHER,
    MOTHER,
    NOON,
    a_child,
    a_person,
    an_event,
    an_ombud,
    around,
    decide_at,
    own_verdict,
    shared_verdict,
)


@pytest.mark.holds("A7", "B21")
@pytest.mark.parametrize(
    ("complete_to", "verdict"),
    [
        (None, Hold(reason=HoldReason.NOT_YET_KNOWN)),
        (NOON - HOUR, Hold(reason=HoldReason.NOT_YET_KNOWN)),
        (NOON, Hold(reason=HoldReason.NOT_YET_KNOWN)),
        (NOON + timedelta(seconds=1), refused(Reason.UNKNOWN_PERSON)),
    ],
)
@pytest.mark.parametrize("time", [NOON, NOON - HOUR])
def test_an_unknown_subject_is_held_until_residents_pass_opening_and_event(
    complete_to: datetime | None, verdict: Verdict, time: datetime
) -> None:
    under = around(NOON + HOUR, residents_complete_to=complete_to)
    own = decide_at(an_event(time=time), unknown(), opened_at=NOON, under=under)[0]
    assert own.verdict == verdict
    assert own.fallback is None


@pytest.mark.holds("A7")
def test_an_event_from_the_near_future_holds_an_unknown_subject_until_its_own_time_has_passed() -> None:
    under = around(NOON + HOUR, residents_complete_to=NOON + HOUR / 2)
    event = an_event(time=NOON + HOUR)
    own = decide_at(event, unknown(), opened_at=NOON, under=under)[0]
    assert own.verdict == Hold(reason=HoldReason.NOT_YET_KNOWN)


@pytest.mark.holds("A7", "B21")
def test_guardians_of_an_unknown_child_wait_with_it_and_never_learn_first() -> None:
    waiting = around(residents_complete_to=NOON)
    gone = around(residents_complete_to=NOON + HOUR)
    assert shared_verdict(an_event(), unknown(), an_ombud(), waiting) == Hold(reason=HoldReason.NOT_YET_KNOWN)
    assert shared_verdict(an_event(), unknown(), an_ombud(), gone) == refused(Reason.UNKNOWN_PERSON)


@pytest.mark.holds("A7", "A13")
def test_an_unknown_guardian_is_no_recipient() -> None:
    stranger = an_ombud(Person(id=FATHER, known=False))
    decisions = decide_at(an_event(), a_child(), stranger, an_ombud())
    assert [decision.recipient for decision in decisions] == [a_child().id, MOTHER]


@pytest.mark.holds("A9", "I7")
def test_a_loop_of_replaced_numbers_holds_the_subject_and_its_guardians() -> None:
    loop = Hold(reason=HoldReason.IDENTITY_LOOP)
    assert own_verdict(an_event(), a_person(loop=True)) == loop
    assert shared_verdict(an_event(), a_child(loop=True), an_ombud()) == loop
    assert shared_verdict(an_event(), a_child(), an_ombud(a_person(MOTHER, loop=True))) == loop


@pytest.mark.holds("I7", "B6", "A8", "B28")
@pytest.mark.parametrize(
    ("reason", "subject"),
    [
        (Reason.DECEASED, a_person(deceased=True)),
        (Reason.DECEASED, a_person(deceased=True, loop=True)),
        (Reason.TOO_YOUNG, a_child()),
        (Reason.ACCOUNT_INACTIVE, a_person(active=False)),
        (Reason.REGION_NOT_JOINED, a_person(joined=False)),
        (Reason.MUTED, a_person(muted=frozenset({"push"}))),
        (Reason.NO_DEVICE, a_person(devices=())),
        (Reason.PROTECTED, a_person(protected=True)),
    ],
)
def test_what_is_definite_is_said_at_once_though_feeds_are_stale_and_push_is_halted(
    reason: Reason, subject: Person
) -> None:
    assert own_verdict(an_event(), subject, DOUBT) == refused(reason)


@pytest.mark.holds("I7", "B6", "A8", "A9", "B28")
@pytest.mark.parametrize(("reason", "ombud"), OMBUD)
def test_a_guardian_who_gets_nothing_anyway_holds_nothing_up(reason: Reason, ombud: Ombud) -> None:
    assert shared_verdict(an_event(), a_child(), ombud, DOUBT) == refused(reason)


@pytest.mark.holds("A9", "A15")
def test_a_bar_of_link_or_event_is_said_at_once_though_the_guardians_identity_loops() -> None:
    looping = a_person(MOTHER, loop=True)
    assert shared_verdict(an_event(), a_child(), an_ombud(looping, blocked=True)) == refused(Reason.BLOCKED)
    event = an_event(visible_to_subject=False)
    assert own_verdict(event, a_person(loop=True)) == refused(Reason.WITHHELD)


@pytest.mark.holds("A20", "R13")
@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Hold(reason=HoldReason.DEVICES_PARKED)),
        ({"muted": frozenset({"push"})}, refused(Reason.MUTED)),
        ({"protected": True}, refused(Reason.PROTECTED)),
        ({"protected": True, "protected_at": NOON}, refused(Reason.PROTECTED)),
        ({"protected": True, "protected_at": NOON - HOUR}, Hold(reason=HoldReason.DEVICES_PARKED)),
    ],
)
def test_somebody_whose_phones_a_brake_parks_waits_unless_nothing_would_come_anyway(
    changes: dict[str, object], verdict: Verdict
) -> None:
    parked = a_person(devices=(), parked_trusted_at=NOON, **changes)
    assert own_verdict(an_event(), parked) == verdict


@pytest.mark.holds("A20")
def test_one_phone_that_is_not_parked_is_enough() -> None:
    assert isinstance(own_verdict(an_event(), a_person(parked_trusted_at=NOON)), Push)


@pytest.mark.holds("A8", "B28")
def test_a_stale_feed_is_told_before_a_halt() -> None:
    assert own_verdict(an_event(), a_person(), DOUBT) == Hold(reason=HoldReason.FEED_STALE)
