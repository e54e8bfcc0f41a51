"""How loud a push is: class, night, live, own quiet hours (ANSWERS Types, B15)."""

from datetime import time
from typing import Any

import pytest

from notifier.domain.catalogue import EventType, Live, Weight
from notifier.domain.channels import loudness
from notifier.domain.verdicts import Loudness, Push, louder
from tests.domain.cast import (
    NATIONAL,
    NOON,
    STOCKHOLM,
    a_child,
    a_person,
    an_event,
    an_ombud,
    around,
    local,
    own_verdict,
    shared_verdict,
)
from tests.domain.kinds import CASE, CHANGED, INBOX, JOURNAL, VIDEO, a_type

PASSIVE, ACTIVE, URGENT = Loudness.PASSIVE, Loudness.ACTIVE, Loudness.TIME_SENSITIVE


NIGHT = local("2026-11-20T23:30")


QUIET: dict[str, Any] = {"quiet_from": time(22), "quiet_to": time(6, 30)}


@pytest.mark.holds("B15", "R28")
@pytest.mark.parametrize(
    ("type_", "by_day", "by_night"),
    [(JOURNAL, PASSIVE, PASSIVE), (INBOX, ACTIVE, PASSIVE), (CHANGED, URGENT, PASSIVE), (VIDEO, URGENT, URGENT)],
    ids=["low", "normal", "must-deliver", "live"],
)
def test_class_says_how_loud_by_day_and_only_live_types_ring_at_night(
    type_: EventType, by_day: Loudness, by_night: Loudness
) -> None:
    assert loudness(an_event(type_), a_person(), NATIONAL, NOON) is by_day
    assert loudness(an_event(type_), a_person(), NATIONAL, NIGHT) is by_night


@pytest.mark.holds("B15")
@pytest.mark.parametrize(("asked", "by_night"), [(True, ACTIVE), (False, PASSIVE)])
def test_a_care_contact_case_rings_at_night_only_if_its_data_say_live(asked: bool, by_night: Loudness) -> None:
    assert loudness(an_event(CASE, live_asked=asked), a_person(), NATIONAL, NIGHT) is by_night


@pytest.mark.holds("B15")
def test_data_cannot_make_a_type_live_that_is_never_live() -> None:
    assert loudness(an_event(INBOX, live_asked=True), a_person(), NATIONAL, NIGHT) is PASSIVE


@pytest.mark.holds("B15")
def test_a_low_type_stays_passive_even_if_live() -> None:
    low = a_type(weight=Weight.LOW, live=Live.ALWAYS)
    assert loudness(an_event(low), a_person(), NATIONAL, NOON) is PASSIVE


@pytest.mark.holds("B15", "R9")
@pytest.mark.parametrize("type_", [VIDEO, CHANGED, INBOX])
def test_the_persons_own_quiet_hours_silence_even_live_types(type_: EventType) -> None:
    assert loudness(an_event(type_), a_person(**QUIET), NATIONAL, NIGHT) is PASSIVE


@pytest.mark.holds("B15", "R9")
@pytest.mark.parametrize("quiet", [{}, {"quiet_from": time(22)}, {"quiet_to": time(6, 30)}])
def test_half_a_pair_of_quiet_hours_says_nothing(quiet: dict[str, Any]) -> None:
    assert loudness(an_event(VIDEO), a_person(**quiet), NATIONAL, NIGHT) is URGENT


@pytest.mark.holds("B15", "R9")
def test_outside_the_persons_quiet_hours_the_class_has_its_say() -> None:
    assert loudness(an_event(INBOX), a_person(**QUIET), NATIONAL, NOON) is ACTIVE
    naps: dict[str, Any] = {"quiet_from": time(11), "quiet_to": time(13)}
    assert loudness(an_event(INBOX), a_person(**naps), NATIONAL, NOON) is PASSIVE


@pytest.mark.holds("B15")
@pytest.mark.parametrize("day", ["2026-01-15", "2026-07-15", "2026-03-29", "2026-10-25"])
@pytest.mark.parametrize(
    ("clock", "expected"), [("06:59", PASSIVE), ("07:00", ACTIVE), ("20:59", ACTIVE), ("21:00", PASSIVE)]
)
def test_sound_is_from_07_to_21_in_stockholm_on_every_kind_of_day(day: str, clock: str, expected: Loudness) -> None:
    assert local(f"{day}T{clock}").astimezone(STOCKHOLM).strftime("%H:%M") == clock
    assert loudness(an_event(INBOX), a_person(), NATIONAL, local(f"{day}T{clock}")) is expected


@pytest.mark.holds("B15", "R9")
def test_each_recipient_has_the_loudness_of_their_own_quiet_hours() -> None:
    mother = a_person(an_ombud().person.id, quiet_from=time(11), quiet_to=time(13))
    hers = shared_verdict(an_event(), a_child(), an_ombud(mother))
    other = shared_verdict(an_event(), a_child(quiet_from=time(11), quiet_to=time(13)), an_ombud())
    assert isinstance(hers, Push)
    assert isinstance(other, Push)
    assert (hers.loudness, other.loudness) == (PASSIVE, ACTIVE)


@pytest.mark.holds("B15")
def test_at_night_a_push_still_goes_out_passive_to_the_same_phones() -> None:
    verdict = own_verdict(an_event(time=NIGHT), a_person(), around(NIGHT))
    assert isinstance(verdict, Push)
    assert (verdict.loudness, verdict.devices) == (PASSIVE, a_person().devices)


@pytest.mark.holds("A23")
@pytest.mark.parametrize("louder_one", [PASSIVE, ACTIVE, URGENT])
@pytest.mark.parametrize("softer", [PASSIVE, ACTIVE, URGENT])
def test_of_two_the_louder_is_taken_over_whichever_came_first(louder_one: Loudness, softer: Loudness) -> None:
    rank = {PASSIVE: 0, ACTIVE: 1, URGENT: 2}
    expected = louder_one if rank[louder_one] >= rank[softer] else softer
    assert louder(louder_one, softer) is louder(softer, louder_one) is expected
