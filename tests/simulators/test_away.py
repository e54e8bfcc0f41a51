"""What APNs (protocols.md 2.2, 2.3) and FCM (3.2, Firebase's pages) keep for a phone that is away."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from notifier.simulators.acts import read_fcm
from notifier.simulators.away import Coming, Shelf, Stay
from notifier.simulators.fcm_message import Message
from notifier.simulators.population import Phones
from notifier.simulators.remembered import Act
from notifier.simulators.stays import read_apns_stay, read_fcm_stay

pytestmark = pytest.mark.holds("R45")

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
NOON_SECONDS = int(NOON.timestamp())
DAY = 86_400
APP = "se.inera.test.app"


def apns_stay(expiration: int | None = NOON_SECONDS + DAY, topic: str = APP, push_type: str | None = "alert") -> Stay:
    said = None if expiration is None else str(expiration)
    headers = {"apns-expiration": said, "apns-topic": topic, "apns-push-type": push_type}
    return read_apns_stay(headers.get)


def fcm_stay(**message: object) -> Stay:
    return read_fcm_stay(msgspec.convert({"token": "t", **message}, type=Message))


def coming(name: str, stay: Stay) -> Coming:
    return Coming(act=Act(identity=name, key=name, text_key=name, shows=True), stay=stay)


def names(shelf: Shelf) -> list[str]:
    return [one.coming.act.identity for one in shelf.waiting]


def kept(*comings: Coming, at: float = NOON_SECONDS) -> list[str]:
    shelf = Shelf()
    for one in comings:
        shelf.keep(one, at)
    return names(shelf)


def test_apns_keeps_one_push_of_an_app_the_newest() -> None:
    assert kept(coming("first", apns_stay()), coming("second", apns_stay())) == ["second"]


def test_apns_keeps_one_push_of_each_app_whatever_its_type() -> None:
    call = apns_stay(topic=f"{APP}.voip", push_type="voip")
    other = apns_stay(topic="se.inera.other")
    assert kept(coming("alert", apns_stay()), coming("other", other), coming("call", call)) == ["other", "call"]


@pytest.mark.parametrize("expiration", [0, NOON_SECONDS - 1, NOON_SECONDS])
def test_apns_does_not_keep_what_expires_at_once_and_leaves_what_it_has(expiration: int) -> None:
    assert kept(coming("alert", apns_stay()), coming("badge", apns_stay(expiration))) == ["alert"]


@pytest.mark.parametrize("expiration", [None, 9_999_999_999_999_999_999])
def test_apns_keeps_nothing_longer_than_30_days(expiration: int | None) -> None:
    assert apns_stay(expiration).until(NOON_SECONDS) == NOON_SECONDS + 30 * DAY


@pytest.mark.parametrize(
    ("android", "seconds"), [({"ttl": "3600s"}, 3600), ({"ttl": "1.5s"}, 1.5), ({}, 2_419_200), (None, 2_419_200)]
)
def test_fcm_keeps_a_message_for_its_ttl_four_weeks_by_default(android: object, seconds: float) -> None:
    for name in ("android", "android_v2"):
        assert fcm_stay(**{name: android}).until(NOON_SECONDS) == NOON_SECONDS + seconds


def test_fcm_never_keeps_a_message_of_ttl_0() -> None:
    assert kept(coming("now", fcm_stay(android={"ttl": "0s"}))) == []


def test_fcm_keeps_each_data_message_in_order() -> None:
    assert kept(*(coming(name, fcm_stay(data={"id": name})) for name in "abc")) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "message",
    [
        {"notification": {"title": "t"}},
        {"android": {"notification": {"tag": "m1"}, "collapse_key": "ignored"}},
        {"android_v2": {"remote_notification": {"notification": {"tag": "m1"}}}},
    ],
)
def test_of_notification_messages_fcm_keeps_the_newest_only(message: dict[str, object]) -> None:
    data = coming("data", fcm_stay(data={"badge": "0"}))
    first, second = coming("first", fcm_stay(notification={"title": "t"})), coming("second", fcm_stay(**message))
    assert kept(first, data, second) == ["data", "second"]


def test_of_one_collapse_key_fcm_keeps_the_newest_and_of_keys_four() -> None:
    keyed = [coming(f"{key}{turn}", fcm_stay(android={"collapse_key": key})) for turn in (1, 2) for key in "abcde"]
    assert kept(*keyed[:4], keyed[5]) == ["b1", "c1", "d1", "a2"]
    assert kept(*keyed[:5]) == ["b1", "c1", "d1", "e1"]


def test_beyond_100_messages_apart_fcm_discards_all_that_is_stored() -> None:
    many = [coming(str(number), fcm_stay()) for number in range(101)]
    assert kept(*many[:100]) == [str(number) for number in range(100)]
    assert kept(coming("shown", fcm_stay(notification={"title": "t"})), *many) == ["100"]


def test_what_expires_while_it_waits_is_let_go() -> None:
    shelf = Shelf()
    shelf.keep(coming("hour", fcm_stay(android={"ttl": "3600s"})), NOON_SECONDS)
    shelf.keep(coming("day", fcm_stay(android={"ttl": "86400s"})), NOON_SECONDS)
    assert not shelf.drop_expired(NOON_SECONDS + 3599)
    assert shelf.drop_expired(NOON_SECONDS + 3600)
    assert names(shelf) == ["day"]


def meet(phones: Phones, name: str, ttl: str, at: datetime = NOON, tag: str = "m1") -> None:
    message = {"token": "t", "data": {"id": name}, "android": {"ttl": ttl}}
    body = msgspec.json.encode(message)
    read = msgspec.json.decode(body, type=Message)
    act = msgspec.structs.replace(read_fcm(read, body), key=tag, text_key="NOTICE_OWN", shows=True)
    phones.meet("fcm", "t", Coming(act=act, stay=read_fcm_stay(read)), at)


def test_a_phone_that_comes_back_meets_what_has_not_expired_in_order() -> None:
    phones = Phones()
    phones.name("t", "Anna's phone", "fcm")
    phone = phones.by_token["t"]
    phones.set_online(phone, NOON, online=False)
    for name, ttl in (("n1", "60s"), ("n2", "3600s"), ("n3", "0s"), ("n4", "7200s")):
        meet(phones, name, ttl)
    assert (phone.received, phone.entries, len(phones.shelves["t"].waiting)) == (0, {}, 3)
    back = NOON + timedelta(minutes=2)
    phones.set_online(phone, back, online=True)
    assert [(moment.identity, moment.at, moment.what) for moment in phone.history] == [
        ("n2", back, "shown"),
        ("n4", back, "replaced"),
    ]
    assert phones.shelves == {}
    meet(phones, "n5", "0s", back)
    assert phone.received == 3


def test_a_phone_is_of_the_provider_that_reaches_it_first() -> None:
    phones = Phones()
    phones.name("t", "a phone", "apns")
    meet(phones, "n1", "60s")
    assert (phones.by_token["t"].provider, phones.by_token["t"].alias) == ("fcm", "a phone")


def test_a_forgotten_phone_takes_its_name_and_what_waited_with_it() -> None:
    phones = Phones()
    phones.name("t", "Anna's phone", "fcm")
    phones.set_online(phones.by_token["t"], NOON, online=False)
    meet(phones, "n1", "60s")
    phones.forget(phones.by_token["t"])
    meet(phones, "n2", "60s")
    phone = phones.by_token["t"]
    assert (phone.alias, list(phone.notices)) == ("phone 2", ["n2"])
