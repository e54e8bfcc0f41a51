"""An Android phone shows, replaces, dismisses, sounds and counts as FCM messages ask."""

from datetime import UTC, datetime

import msgspec
import pytest

from notifier.simulators.acts import read_fcm
from notifier.simulators.fcm_message import Message
from notifier.simulators.phones import Phone

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def a_phone() -> Phone:
    return Phone(token="t", provider="fcm", alias="phone 1")


def meet_fcm(phone: Phone, **message: object) -> None:
    body = msgspec.json.encode({"token": "t", **message})
    phone.apply(read_fcm(msgspec.json.decode(body, type=Message), body), NOON)


def android(**notification: object) -> dict[str, object]:
    return {"notification": {"body_loc_key": "notice_own", "tag": "m1", **notification}}


@pytest.mark.holds("R14", "A28")
def test_an_android_notification_is_replaced_by_its_tag_and_sets_the_badge() -> None:
    phone = a_phone()
    meet_fcm(phone, android=android(sound="default", notification_count=2))
    meet_fcm(phone, android=android(notification_count=1))
    (entry,) = phone.entries.values()
    assert (entry.key, entry.text_key, entry.times_shown) == ("m1", "notice_own", 2)
    assert (phone.badge, phone.sounds) == (1, 1)


@pytest.mark.holds("R2", "R14")
def test_an_android_data_message_takes_entries_away_and_sets_the_badge() -> None:
    phone = a_phone()
    meet_fcm(phone, android=android(default_sound=True))
    meet_fcm(phone, android=android(tag="m2"))
    meet_fcm(phone, data={"remove": "m1,m2", "badge": "0"}, android={"priority": "NORMAL"})
    assert (phone.entries, phone.badge, phone.dismissed, phone.sounds) == ({}, 0, 2, 1)


@pytest.mark.holds("A29")
def test_a_low_priority_android_notification_is_quiet() -> None:
    phone = a_phone()
    meet_fcm(phone, android=android(sound="default", notification_priority="PRIORITY_LOW"))
    assert (phone.sounds, len(phone.entries)) == (0, 1)


@pytest.mark.holds("A29", "R5")
def test_an_android_notice_is_known_by_its_sealed_text_whatever_its_tag() -> None:
    phone = a_phone()
    meet_fcm(phone, android=android(tag="m1"), data={"s": "sealed"})
    meet_fcm(phone, android=android(tag="m2"), data={"s": "sealed"})
    assert [doubled.identity for doubled in phone.shown_twice] == ["sealed"]
