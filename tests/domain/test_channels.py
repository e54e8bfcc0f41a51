"""Which phones a push goes to: mutes, protection, every phone of every recipient."""

import pytest

from notifier.domain.people import Person
from notifier.domain.reasons import Reason
from notifier.domain.verdicts import Push
from tests.domain.bars import HOUR, WEEK, refused
from tests.domain.cast import (
    FATHER,
    MOTHER,
    NOON,
    a_child,
    a_device,
    a_person,
    an_event,
    an_ombud,
    decide_at,
    own_verdict,
    shared_verdict,
)
from tests.domain.kinds import CHANGED
from tests.domain.proxy_rows import FLAG_AT

MUTES = [{"push"}, {"push:messages"}, {"push", "push:messages", "sms"}]


@pytest.mark.holds("R9", "A11")
@pytest.mark.parametrize("muted", MUTES)
def test_push_off_as_channel_or_for_the_category_mutes(muted: set[str]) -> None:
    assert own_verdict(an_event(), a_person(muted=frozenset(muted))) == refused(Reason.MUTED)


@pytest.mark.holds("R9", "A11")
@pytest.mark.parametrize("muted", [{"sms"}, {"email"}, {"push:journal"}, {"sms:messages", "email:messages"}])
def test_another_channel_or_category_off_mutes_no_push(muted: set[str]) -> None:
    assert isinstance(own_verdict(an_event(), a_person(muted=frozenset(muted))), Push)


@pytest.mark.holds("A11", "B36")
@pytest.mark.parametrize("muted", ["push", "push:bookings"])
def test_a_mute_holds_also_for_must_deliver(muted: str) -> None:
    event = an_event(CHANGED, happens_at=NOON + WEEK)
    assert own_verdict(event, a_person(muted=frozenset({muted}))) == refused(Reason.MUTED)


@pytest.mark.holds("B7", "A17")
def test_a_protected_person_is_reached_only_on_phones_trusted_after_the_flag() -> None:
    before, at, after = a_device(1, FLAG_AT - HOUR), a_device(2, FLAG_AT), a_device(3, FLAG_AT + HOUR)
    subject = a_person(protected=True, protected_at=FLAG_AT, devices=(before, at, after))
    verdict = own_verdict(an_event(), subject)
    assert isinstance(verdict, Push)
    assert verdict.devices == (after,)


@pytest.mark.holds("B7", "A17")
def test_without_the_flags_instant_no_phone_of_a_protected_person_counts() -> None:
    assert own_verdict(an_event(), a_person(protected=True, protected_at=None)) == refused(Reason.PROTECTED)


@pytest.mark.holds("B7")
def test_somebody_about_whom_nothing_is_said_counts_as_protected() -> None:
    assert Person(id=MOTHER, known=True).protected


@pytest.mark.holds("R12", "R7")
def test_every_phone_of_every_recipient_gets_it() -> None:
    phones = (a_device(7), a_device(8))
    mother, father = a_person(MOTHER, devices=phones, region="14"), a_person(FATHER)
    own, hers, his = decide_at(an_event(), a_child(), an_ombud(mother), an_ombud(father))
    assert own.verdict == refused(Reason.TOO_YOUNG)
    assert isinstance(hers.verdict, Push)
    assert isinstance(his.verdict, Push)
    assert (hers.verdict.devices, his.verdict.devices) == (phones, father.devices)
    assert [(each.recipient, each.about, each.own, each.region) for each in (own, hers, his)] == [
        (1, 1, True, "01"),
        (2, 1, False, "14"),
        (3, 1, False, "01"),
    ]


@pytest.mark.holds("A13")
def test_the_childs_account_and_region_do_not_matter_for_the_guardian() -> None:
    child = a_child(active=False, joined=False, region="00")
    assert isinstance(shared_verdict(an_event(), child, an_ombud()), Push)
