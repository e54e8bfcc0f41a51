"""Every reason that `decide` can give."""

from datetime import date

import pytest

from notifier.domain.events import Event
from notifier.domain.people import Ombud, Person
from notifier.domain.reasons import HoldReason, Reason
from tests.domain.bars import HOUR, OMBUD, OWN, refused
from tests.domain.cast import NOON, a_child, a_person, an_event, an_ombud, around, own_verdict, shared_verdict


@pytest.mark.holds("R8", "R9", "R10", "B4", "B7", "B11", "B13", "A7", "A11", "A12", "A13", "A15")
@pytest.mark.parametrize(("reason", "event", "subject"), OWN)
def test_each_reason_why_the_subject_gets_nothing(reason: Reason, event: Event, subject: Person) -> None:
    later = around(residents_complete_to=NOON + HOUR) if reason is Reason.UNKNOWN_PERSON else around()
    assert own_verdict(event, subject, later) == refused(reason)


@pytest.mark.holds("R7", "R8", "B4", "B7", "B13", "A11", "A13", "A14")
@pytest.mark.parametrize(("reason", "ombud"), OMBUD)
def test_each_reason_why_a_guardian_gets_nothing(reason: Reason, ombud: Ombud) -> None:
    assert shared_verdict(an_event(), a_child(), ombud) == refused(reason)


@pytest.mark.holds("R7", "R8", "B7", "B11", "B13", "A15")
@pytest.mark.parametrize(
    ("reason", "event", "child"),
    [
        (Reason.TOO_OLD_FOR_PROXY, an_event(), a_person(born=date(2013, 11, 20))),
        (Reason.PROTECTED, an_event(), a_child(protected=True)),
        (Reason.DECEASED, an_event(), a_child(deceased=True)),
        (Reason.WITHHELD, an_event(proxies_allowed=False), a_child()),
        (Reason.WITHHELD, an_event(visible_to_subject=False), a_child()),
    ],
)
def test_each_reason_in_child_or_event_why_no_guardian_is_told(reason: Reason, event: Event, child: Person) -> None:
    assert shared_verdict(event, child, an_ombud()) == refused(reason)


@pytest.mark.holds("B15")
def test_no_reason_of_a_verdict_is_left_without_a_test() -> None:
    of_ledger_or_provider = {
        Reason.ALREADY_HANDLED, Reason.DEVICE_GONE, Reason.DUPLICATE, Reason.EXPIRED, Reason.PROVIDER_REFUSED,
        Reason.SUPERSEDED, Reason.WITHDRAWN,
    }  # fmt: skip
    holds = {Reason(reason.value) for reason in HoldReason}
    tested = {row[0] for row in OWN} | {row[0] for row in OMBUD} | {Reason.TOO_OLD_FOR_PROXY}
    assert tested | holds | of_ledger_or_provider == set(Reason)
