"""What a fallback is owed for, and when (A11, A18, R20)."""

from datetime import date, timedelta

import pytest

from notifier.domain.circumstances import Circumstances
from notifier.domain.events import Event
from notifier.domain.people import Ombud, Person
from notifier.domain.reasons import Reason
from notifier.domain.verdicts import Decision, Fallback
from tests.domain.bars import DOUBT, HOUR, WEEK, refused
from tests.domain.cast import MOTHER, NOON, a_child, a_device, a_person, an_event, an_ombud, decide_at
from tests.domain.kinds import CHANGED, JOURNAL, a_type
from tests.domain.proxy_rows import FLAG_AT


def own_fallback(event: Event, subject: Person, *ombud: Ombud, under: Circumstances | None = None) -> Fallback | None:
    """Give the subject's fallback after asserting that no guardian's notice owes one (A18)."""
    own, *shared = decide_at(event, subject, *ombud, under=under)
    assert owed_by(shared) == []
    return own.fallback


def owed_by(decisions: list[Decision]) -> list[Fallback]:
    return [decision.fallback for decision in decisions if decision.fallback is not None]


AT_ONCE = Fallback(after=timedelta(), deadline_at=NOON + WEEK)


IN_4_HOURS = Fallback(after=4 * HOUR, deadline_at=NOON + WEEK)


@pytest.mark.holds("R20", "A18")
def test_a_push_owes_a_fallback_after_the_types_time_and_before_it_is_useless() -> None:
    assert own_fallback(an_event(), a_person()) == IN_4_HOURS
    event = an_event(CHANGED, happens_at=NOON + 3 * HOUR)
    assert own_fallback(event, a_person()) == Fallback(after=HOUR / 4, deadline_at=NOON + 3 * HOUR)


@pytest.mark.holds("R20", "A11", "B4")
@pytest.mark.parametrize(
    "subject",
    [
        a_person(devices=()),
        a_person(joined=False),
        a_person(muted=frozenset({"push"})),
        a_person(muted=frozenset({"push:messages", "sms"})),
        a_person(muted=frozenset({"push:messages", "email:messages"})),
    ],
    ids=["no device", "region not joined", "push muted", "push and sms muted", "push and e-mail muted"],
)
def test_where_no_push_can_come_the_fallback_is_owed_at_once(subject: Person) -> None:
    assert own_fallback(an_event(), subject) == AT_ONCE


@pytest.mark.holds("A11")
@pytest.mark.parametrize("muted", [{"push", "sms", "email"}, {"push", "sms:messages", "email:messages"}])
def test_who_muted_every_channel_is_owed_nothing(muted: set[str]) -> None:
    assert own_fallback(an_event(), a_person(muted=frozenset(muted))) is None


@pytest.mark.holds("R20", "I7")
def test_what_is_held_keeps_its_fallback_for_later() -> None:
    assert own_fallback(an_event(), a_person(), under=DOUBT) == IN_4_HOURS


@pytest.mark.holds("R20", "B7", "B13", "A15")
@pytest.mark.parametrize(
    ("event", "subject"),
    [
        (an_event(JOURNAL), a_person()),
        (an_event(JOURNAL), a_person(devices=())),
        (an_event(), a_person(deceased=True)),
        (an_event(), a_person(protected=True)),
        (an_event(), a_person(protected=True, protected_at=FLAG_AT, devices=(a_device(1, NOON),))),
        (an_event(), a_child(protected=True)),
        (an_event(visible_to_subject=False), a_person()),
        (an_event(visible_to_subject=False), a_child()),
        (an_event(), a_person(active=False)),
    ],
    ids=[
        "low class",
        "low class without device",
        "deceased",
        "protected",
        "protected with a phone",
        "protected child",
        "withheld",
        "withheld from a child",
        "account inactive",
    ],
)
def test_no_fallback_is_owed_to_whom_nothing_may_be_sent(event: Event, subject: Person) -> None:
    assert own_fallback(event, subject, an_ombud()) is None


@pytest.mark.holds("A18", "R20")
def test_a_childs_fallback_waits_while_a_guardian_may_still_see_the_push() -> None:
    assert own_fallback(an_event(), a_child(), an_ombud(blocked=True), an_ombud()) == IN_4_HOURS
    assert own_fallback(an_event(), a_child(), an_ombud(), under=DOUBT) == IN_4_HOURS


@pytest.mark.holds("A18", "R20", "A11")
def test_a_childs_fallback_is_owed_at_once_where_no_guardian_gets_a_push() -> None:
    deaf = an_ombud(a_person(MOTHER, devices=()))
    assert own_fallback(an_event(), a_child(), deaf) == AT_ONCE
    assert own_fallback(an_event(), a_child()) == AT_ONCE


@pytest.mark.holds("B2", "A15")
def test_what_is_withheld_from_guardians_owes_nothing_to_a_small_childs_contact_points() -> None:
    assert own_fallback(an_event(proxies_allowed=False), a_child(), an_ombud()) is None


@pytest.mark.holds("B11")
def test_between_the_ages_there_is_nobody_to_tell_and_nothing_is_owed() -> None:
    from_16 = a_type(own_min_age=16)
    fourteen = a_person(born=date(2012, 11, 20))
    own, shared = decide_at(an_event(from_16), fourteen, an_ombud())
    assert (own.verdict, own.fallback) == (refused(Reason.TOO_YOUNG), None)
    assert shared.verdict == refused(Reason.TOO_OLD_FOR_PROXY)


@pytest.mark.holds("A18")
def test_a_muted_subject_is_owed_its_fallback_at_once_although_a_guardian_gets_a_push() -> None:
    shared_longer = a_type(own_min_age=13, proxy_max_age=16)
    fourteen = a_person(born=date(2012, 11, 20), muted=frozenset({"push"}))
    assert own_fallback(an_event(shared_longer), fourteen, an_ombud()) == AT_ONCE
