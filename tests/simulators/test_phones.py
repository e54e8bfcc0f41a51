"""A phone shows, replaces, dismisses, sounds and counts as iOS does, and knows what it showed twice."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from notifier.simulators.acts import read_apns
from notifier.simulators.phones import Phone

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
AUDIBLE = {"aps": {"alert": {"loc-key": "notice.own"}, "badge": 3, "sound": "default"}}
PASSIVE = {"aps": {"alert": {"loc-key": "notice.own"}, "badge": 3, "interruption-level": "passive", "sound": "default"}}


def a_phone() -> Phone:
    return Phone(token="ab", provider="apns", alias="phone 1")


def meet(
    phone: Phone,
    payload: Mapping[str, object],
    *,
    after: timedelta = timedelta(0),
    kind: str = "alert",
    collapse_id: str | None = "m1",
    apns_id: str = "n1",
    push: int = 0,
) -> None:
    phone.apply(read_apns(payload, kind, collapse_id, apns_id), NOON + after, push)


@pytest.mark.holds("R14")
def test_an_alert_is_shown_with_badge_and_sound() -> None:
    phone = a_phone()
    meet(phone, AUDIBLE)
    assert [(entry.key, entry.text_key) for entry in phone.entries.values()] == [("m1", "notice.own")]
    assert (phone.badge, phone.sounds, phone.received) == (3, 1, 1)


@pytest.mark.holds("A28")
def test_the_same_collapse_id_replaces_the_entry() -> None:
    phone = a_phone()
    meet(phone, AUDIBLE)
    meet(phone, AUDIBLE, apns_id="n2", after=timedelta(minutes=5))
    (entry,) = phone.entries.values()
    assert (entry.times_shown, entry.identity, entry.first_at, entry.last_at) == (
        2,
        "n2",
        NOON,
        NOON + timedelta(minutes=5),
    )
    assert [moment.what for moment in phone.history] == ["shown", "replaced"]
    assert phone.shown_twice == []


@pytest.mark.holds("A29", "R5")
def test_two_entries_of_one_notice_at_one_time_are_shown_twice() -> None:
    phone = a_phone()
    meet(phone, AUDIBLE, collapse_id="m1")
    meet(phone, PASSIVE, collapse_id="m2")
    assert [(doubled.identity, doubled.why) for doubled in phone.shown_twice] == [("n1", "two entries at one time")]


@pytest.mark.holds("A29", "R5")
def test_without_a_collapse_id_a_resend_is_a_second_entry() -> None:
    phone = a_phone()
    for _ in range(2):
        meet(phone, AUDIBLE, collapse_id=None)
    assert (len(phone.entries), len(phone.shown_twice)) == (2, 1)


@pytest.mark.holds("A29", "R5")
@pytest.mark.parametrize(("seconds", "twice"), [(59, []), (60, []), (61, ["second sound"])])
def test_a_second_sound_more_than_60_s_after_the_first_is_shown_twice(seconds: int, twice: list[str]) -> None:
    phone = a_phone()
    meet(phone, AUDIBLE)
    meet(phone, AUDIBLE, after=timedelta(seconds=seconds))
    assert [doubled.why for doubled in phone.shown_twice] == twice


@pytest.mark.holds("A29", "I3")
def test_a_passive_resend_neither_sounds_nor_is_shown_twice() -> None:
    phone = a_phone()
    meet(phone, AUDIBLE)
    meet(phone, PASSIVE, after=timedelta(minutes=10))
    assert (phone.sounds, phone.shown_twice, len(phone.entries)) == (1, [], 1)


@pytest.mark.holds("A29", "R5")
def test_a_sound_after_the_entry_was_taken_away_still_counts_as_the_second() -> None:
    phone = a_phone()
    meet(phone, AUDIBLE)
    meet(phone, {"aps": {"content-available": 1}, "remove": ["m1"]}, kind="background", apns_id="r1")
    meet(phone, AUDIBLE, after=timedelta(minutes=2))
    assert [doubled.why for doubled in phone.shown_twice] == ["second sound"]


@pytest.mark.holds("R14")
def test_an_alert_with_only_a_badge_changes_only_the_badge() -> None:
    phone = a_phone()
    meet(phone, AUDIBLE)
    meet(phone, {"aps": {"badge": 0}}, apns_id="n2", collapse_id=None)
    assert (phone.badge, phone.sounds, list(phone.entries)) == (0, 1, ["m1"])


@pytest.mark.holds("R2")
def test_a_background_push_takes_entries_away_and_carries_no_badge() -> None:
    phone = a_phone()
    meet(phone, AUDIBLE)
    meet(phone, AUDIBLE, collapse_id="m2", apns_id="n2")
    meet(phone, {"aps": {"content-available": 1, "badge": 9}, "remove": ["m1", "m7"]}, kind="background")
    assert (list(phone.entries), phone.dismissed, phone.badge) == (["m2"], 1, 3)
    assert phone.history[-1].what == "dismissed"


@pytest.mark.holds("R2")
def test_removal_without_content_available_wakes_nobody() -> None:
    phone = a_phone()
    meet(phone, AUDIBLE)
    meet(phone, {"aps": {}, "remove": ["m1"]}, kind="background")
    assert list(phone.entries) == ["m1"]


@pytest.mark.holds("R45")
def test_a_phone_remembers_no_more_than_its_bounds() -> None:
    phone = a_phone()
    for number in range(1000):
        meet(phone, AUDIBLE, collapse_id=f"m{number}", apns_id=f"n{number}")
    assert (len(phone.entries), len(phone.notices), len(phone.history)) == (256, 512, 64)
    assert "m999" in phone.entries


@pytest.mark.holds("R45")
def test_an_entry_knows_the_push_that_showed_it_last_and_whether_that_sounded() -> None:
    phone = a_phone()
    meet(phone, AUDIBLE, push=7)
    meet(phone, PASSIVE, push=9)
    (entry,) = phone.entries.values()
    assert (entry.push, entry.sounded, entry.sounds) == (9, False, 1)
    assert [(moment.push, moment.sounded) for moment in phone.history] == [(7, True), (9, False)]


@pytest.mark.holds("R45")
def test_entries_stand_in_the_order_of_their_last_show() -> None:
    phone = a_phone()
    for key in ("m1", "m2", "m1"):
        meet(phone, AUDIBLE, collapse_id=key, apns_id=key)
    assert list(phone.entries) == ["m2", "m1"]


@pytest.mark.holds("R45")
def test_a_swipe_puts_one_entry_away_and_changes_no_badge_and_no_count() -> None:
    phone = a_phone()
    meet(phone, AUDIBLE, push=7)
    assert phone.swipe("m1", NOON + timedelta(seconds=5))
    assert (phone.entries, phone.badge, phone.received, phone.dismissed) == ({}, 3, 1, 0)
    last = phone.history[-1]
    assert (last.what, last.key, last.identity, last.push, last.at) == (
        "swiped",
        "m1",
        "n1",
        7,
        NOON + timedelta(seconds=5),
    )
    assert not phone.swipe("m1", NOON)


@pytest.mark.holds("A29")
def test_what_was_swiped_away_is_not_shown_twice_when_it_comes_again() -> None:
    phone = a_phone()
    meet(phone, AUDIBLE)
    phone.swipe("m1", NOON)
    meet(phone, AUDIBLE, collapse_id="m2")
    assert phone.shown_twice == []
