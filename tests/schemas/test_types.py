"""The catalogue's values against the table of ANSWERS "Types", typed again from there."""

from datetime import UTC, datetime, timedelta

import pytest

from notifier.domain.catalogue import Live, Weight
from tests.schemas.files import CATALOGUE, ENTRIES

LOW, NORMAL, MUST = Weight.LOW, Weight.NORMAL, Weight.MUST_DELIVER
OPENED = datetime(2026, 11, 22, 8, tzinfo=UTC)
HAPPENS = OPENED + timedelta(days=9)


def days(count: int) -> timedelta:
    return timedelta(days=count)


def hours(count: int) -> timedelta:
    return timedelta(hours=count)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


TABLE = {
    # type: class, useful until without a moment, with HAPPENS, fallback after
    "inbox.message.received": (NORMAL, OPENED + days(7), OPENED + days(7), hours(4)),
    "journal.note.signed": (LOW, OPENED + days(3), OPENED + days(3), None),
    "booking.created": (NORMAL, None, HAPPENS, hours(24)),
    "booking.reminder": (NORMAL, None, HAPPENS, hours(2)),
    "booking.changed": (MUST, None, HAPPENS, minutes(15)),
    "booking.cancelled": (MUST, None, HAPPENS, minutes(15)),
    "booking.summons": (MUST, OPENED + days(14), HAPPENS, hours(4)),
    "results.available": (NORMAL, OPENED + days(7), OPENED + days(7), hours(4)),
    "forms.assigned": (NORMAL, OPENED + days(7), OPENED + days(7), hours(24)),
    "contact.case.updated": (NORMAL, OPENED + days(1), OPENED + days(1), minutes(30)),
    "video.meeting.starting": (MUST, None, HAPPENS + minutes(15), minutes(2)),
    "sampling.kit.sent": (NORMAL, OPENED + days(14), OPENED + days(14), hours(24)),
    "referral.updated": (LOW, OPENED + days(7), OPENED + days(7), None),
    "prescription.updated": (LOW, OPENED + days(7), OPENED + days(7), None),
    "treatment.step.available": (LOW, OPENED + days(7), OPENED + days(7), None),
}
CATEGORIES = {
    "inbox": "messages",
    "journal": "journal",
    "booking": "bookings",
    "results": "results",
    "forms": "forms",
    "referral": "referrals",
    "prescription": "prescriptions",
    "contact": "contact",
    "video": "video",
    "treatment": "treatment",
    "sampling": "sampling",
}


@pytest.mark.holds("R1")
def test_the_catalogue_holds_exactly_the_types_of_the_answers() -> None:
    assert set(CATALOGUE.types) == {f"se.1177.{name}.v1" for name in TABLE}
    assert dict(CATALOGUE.marks) == {"matter.handled.v1": "handled", "matter.withdrawn.v1": "withdrawn"}


@pytest.mark.holds("R1", "R20", "B36")
@pytest.mark.parametrize("name", TABLE)
def test_class_useful_time_and_fallback_are_those_of_the_answers(name: str) -> None:
    weight, without, at_moment, fallback = TABLE[name]
    known = CATALOGUE.types[f"se.1177.{name}.v1"]
    assert (known.weight, known.fallback_after) == (weight, fallback)
    assert known.useful.until(OPENED, HAPPENS) == at_moment
    if without is not None:
        assert known.useful.until(OPENED, None) == without


@pytest.mark.holds("R1")
@pytest.mark.parametrize("name", TABLE)
def test_happens_at_is_required_where_the_meaning_has_a_moment(name: str) -> None:
    required = ENTRIES[f"events/se.1177.{name}.v1.json"]["data"]["required"]
    moment = {"booking.created", "booking.changed", "booking.cancelled", "booking.reminder", "video.meeting.starting"}
    assert ("happens_at" in required) == (name in moment)
    assert {"matter", "unit", "region"} <= set(required)


@pytest.mark.holds("R8", "B11", "A15")
@pytest.mark.parametrize("name", TABLE)
def test_ages_and_visibility_are_those_of_the_rules(name: str) -> None:
    known = CATALOGUE.types[f"se.1177.{name}.v1"]
    journal = name == "journal.note.signed"
    assert (known.own_min_age, known.proxy_max_age) == ((16 if journal else 13), 13)
    required = set(ENTRIES[f"events/se.1177.{name}.v1.json"]["data"]["required"])
    assert ({"visible_to_subject", "proxies"} <= required) == journal


@pytest.mark.holds("B15", "A25", "R15", "B8")
@pytest.mark.parametrize("name", TABLE)
def test_what_rings_what_today_sends_and_what_warns_early(name: str) -> None:
    known = CATALOGUE.types[f"se.1177.{name}.v1"]
    live = {"contact.case.updated": Live.BY_DATA, "video.meeting.starting": Live.ALWAYS}
    assert known.live is live.get(name, Live.NEVER)
    assert known.legacy_sends == (name == "inbox.message.received")
    assert known.warn_before == (days(3) if name == "booking.summons" else hours(4))
    assert known.category == CATEGORIES[name.partition(".")[0]]
    assert (known.own_text, known.child_text) == ("own", "child")
    assert known.link.endswith("/{matter}")
    assert all(CATALOGUE.titles[known.name][language] for language in ("sv", "en"))
