"""A page that shows the phones live asks the control address for what changed, and acts on it."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

import msgspec
import pytest

from tests.simulators.pushing import ALERT, APNS_ID, REGISTRATION, TOKEN, Pushing

pytestmark = pytest.mark.holds("R45")

DAY = 86_400


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    key: str
    identity: str
    text_key: str
    at: str
    sounded: bool
    times_shown: int
    push: int


class Phone(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    token: str
    provider: str
    alias: str
    badge: int
    received: int
    sounds: int
    dismissed: int
    online: bool
    waiting: int
    revoked: bool
    doubled: int
    entries: list[Line]
    more: int
    moments: list[dict[str, object]]


class Changed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    run: str
    version: int
    phones: list[Phone]
    forgotten: list[str]

    def only(self) -> Phone:
        (phone,) = self.phones
        return phone


async def look(pushing: Pushing, since: int = 0, entries: int = 2) -> Changed:
    answer = await pushing.child.order("GET", f"/phones?since={since}&entries={entries}")
    return msgspec.json.decode(answer.body, type=Changed)


async def name(pushing: Pushing, **aliases: str) -> None:
    orders = {token: {"alias": alias} for token, alias in aliases.items()}
    assert (await pushing.child.order("PUT", "/tokens", orders)).status == 204


async def connect(pushing: Pushing, token: str, *, online: bool) -> None:
    assert (await pushing.child.order("PUT", f"/phones/{token}", {"online": online})).status == 204


def notice(count: int, tag: str = "m1", ttl: str = "3600s") -> dict[str, object]:
    shown = {"body_loc_key": "NOTICE_OWN", "tag": tag, "notification_count": count}
    return {"token": REGISTRATION, "data": {"id": f"n{count}"}, "android": {"ttl": ttl, "notification": shown}}


async def test_a_named_phone_is_known_before_its_first_push(pushing: Pushing) -> None:
    before = await look(pushing)
    await name(pushing, **{TOKEN.upper(): "Anna's iPhone", REGISTRATION: "Anna's Android phone"})
    seen = await look(pushing, before.version)
    assert [(phone.token, phone.provider, phone.alias) for phone in seen.phones] == [
        (REGISTRATION, "fcm", "Anna's Android phone"),
        (TOKEN, "apns", "Anna's iPhone"),
    ]
    assert {(phone.badge, phone.received, phone.online, phone.revoked) for phone in seen.phones} == {
        (0, 0, True, False)
    }
    assert (seen.run, seen.version) == (before.run, before.version + 2)


async def test_a_page_sees_the_newest_entries_and_moments_of_what_changed(pushing: Pushing) -> None:
    await name(pushing, **{REGISTRATION: "another"})
    version = (await look(pushing)).version
    for number in range(1, 5):
        payload = {"aps": {**ALERT["aps"], "badge": number}, "id": f"n{number}"}
        assert (await pushing.apns(payload, apns_collapse_id=f"m{number}")).status == 200
    seen = await look(pushing, version)
    phone = seen.only()
    assert (phone.token, phone.badge, phone.received, phone.sounds, phone.more) == (TOKEN, 4, 4, 4, 2)
    assert [(line.key, line.identity, line.text_key, line.sounded, line.times_shown) for line in phone.entries] == [
        ("m4", "n4", "notice.own", True, 1),
        ("m3", "n3", "notice.own", True, 1),
    ]
    assert [moment["key"] for moment in phone.moments] == ["m4", "m3", "m2"]
    assert [moment["push"] for moment in phone.moments] == [line.push for line in phone.entries] + [
        phone.entries[-1].push - 1
    ]
    assert (await look(pushing, seen.version)) == Changed(run=seen.run, version=seen.version, phones=[], forgotten=[])


async def test_a_tokens_state_is_a_change_and_ends_by_itself(pushing: Pushing) -> None:
    await name(pushing, **{TOKEN: "a phone"})
    for state, revoked in (("gone", True), ("broken", False), ("expired", True), ("ok", False)):
        version = (await look(pushing)).version
        await pushing.child.order("PUT", f"/tokens/{TOKEN}", {"state": state})
        assert (await look(pushing, version)).only().revoked is revoked
    await pushing.child.order("PUT", f"/tokens/{TOKEN}", {"state": "gone", "times": 1})
    await name(pushing, **{TOKEN: "named again"})
    seen = await look(pushing)
    assert (seen.only().revoked, seen.only().alias) == (True, "named again")
    assert (await pushing.apns()).status == 410
    assert (await look(pushing, seen.version)).only().revoked is False
    await pushing.child.order("PUT", f"/tokens/{TOKEN}", {"state": "gone"})
    await pushing.child.order("DELETE", "/tokens")
    assert (await look(pushing)).only().revoked is False


@pytest.mark.parametrize("query", ["since=", "since=-1", "since=x", "since=0&entries=257", "since=9999999999999999999"])
async def test_a_wrong_question_is_refused_with_a_sentence(pushing: Pushing, query: str) -> None:
    answer = await pushing.child.order("GET", f"/phones?{query}")
    assert (answer.status, "must be a whole number" in str(answer.json()["error"])) == (400, True)


async def test_apns_keeps_the_newest_alert_of_a_phone_that_is_away(pushing: Pushing) -> None:
    await name(pushing, **{TOKEN: "a phone"})
    await connect(pushing, TOKEN, online=False)
    lasting = str(await _now(pushing) + 600)
    background = {"apns_push_type": "background", "apns_priority": "5"}
    assert (await pushing.apns(apns_collapse_id="m1", apns_expiration=lasting)).status == 200
    assert (await pushing.apns({**ALERT, "id": "n2"}, apns_collapse_id="m2", apns_expiration=lasting)).status == 200
    assert (await pushing.apns({"aps": {"badge": 9}}, apns_priority="5")).status == 200
    gone = {"aps": {"content-available": 1}, "remove": ["m1"]}
    assert (await pushing.apns(gone, **background)).status == 200  # type: ignore[arg-type]
    seen = (await look(pushing)).only()
    assert (seen.online, seen.waiting, seen.received, seen.badge, seen.entries) == (False, 1, 0, 0, [])
    await connect(pushing, TOKEN, online=True)
    seen = (await look(pushing)).only()
    assert (seen.online, seen.waiting, seen.received, seen.badge) == (True, 0, 1, 3)
    assert [(line.key, line.identity) for line in seen.entries] == [("m2", "n2")]


async def test_fcm_keeps_messages_for_their_ttl(pushing: Pushing) -> None:
    await name(pushing, **{REGISTRATION: "a phone"})
    await connect(pushing, REGISTRATION, online=False)
    quiet = {"token": REGISTRATION, "data": {"badge": "0", "remove": "m1"}, "android": {"ttl": "86400s"}}
    for message in (notice(1), notice(2), quiet, notice(3, ttl="0s")):
        assert (await pushing.fcm(message)).status == 200
    seen = await look(pushing)
    assert seen.only().waiting == 2
    await pushing.child.order("PUT", "/clock", {"ahead_seconds": 3601})
    later = await look(pushing, seen.version)
    assert later.only().waiting == 1
    await connect(pushing, REGISTRATION, online=True)
    phone = (await look(pushing)).only()
    assert (phone.received, phone.badge, phone.entries, phone.waiting) == (1, 0, [], 0)


async def test_an_unknown_phone_takes_no_orders(pushing: Pushing) -> None:
    for method, path in (("PUT", "/phones/ab"), ("DELETE", "/phones/ab"), ("DELETE", "/phones/ab/entries/m1")):
        assert (await pushing.child.order(method, path, {"online": True})).status == 404
    await name(pushing, ab="a phone")
    assert (await pushing.child.order("PUT", "/phones/ab", {"on": True})).status == 400


async def test_the_owner_swipes_one_notification_away(pushing: Pushing) -> None:
    await pushing.apns(apns_collapse_id="m1")
    await pushing.apns()
    seen = await look(pushing)
    (own, kept) = seen.only().entries
    assert own.key == "#2"
    for status in (204, 404):
        path = f"/phones/{TOKEN}/entries/{quote(own.key, safe='')}"
        assert (await pushing.child.order("DELETE", path)).status == status
    phone = (await look(pushing, seen.version)).only()
    assert (phone.entries, phone.badge, phone.dismissed, phone.moments[0]["what"]) == ([kept], 3, 0, "swiped")


async def test_a_phone_can_be_forgotten_and_all_of_them_begin_another_run(pushing: Pushing) -> None:
    await name(pushing, **{TOKEN: "old", REGISTRATION: "stays"})
    before = await look(pushing)
    assert (await pushing.child.order("DELETE", f"/phones/{TOKEN}")).status == 204
    after = await look(pushing, before.version)
    assert (after.run, after.phones, after.forgotten) == (before.run, [], [TOKEN])
    assert (await pushing.child.order("GET", f"/phones/{TOKEN}")).status == 404
    await pushing.child.order("DELETE", "/phones")
    last = await look(pushing)
    assert (last.run != before.run, last.phones, last.forgotten) == (True, [], [])


@pytest.mark.holds("I10", "R16")
async def test_a_push_is_seen_as_its_provider_saw_it_but_for_the_credential(pushing: Pushing) -> None:
    body = b'{"aps": {"badge": 3, "alert": "\xc3\xa5"}}'
    await pushing.apns(body, apns_collapse_id="m1")
    (line,) = (await look(pushing)).only().entries
    answer = await pushing.child.order("GET", f"/pushes/{line.push}")
    push = answer.json()
    assert (push["serial"], push["provider"], push["token"], push["at"]) == (line.push, "apns", TOKEN, line.at)
    assert (push["method"], push["path"], push["body"]) == ("POST", f"/3/device/{TOKEN}", body.decode())
    headers = msgspec.convert(push["headers"], list[tuple[str, str]])
    assert {("authorization", "bearer …"), ("apns-id", APNS_ID), ("apns-collapse-id", "m1")} <= set(headers)
    assert pushing.authorization.partition(" ")[2].encode() not in answer.body


@pytest.mark.holds("I10")
async def test_a_message_of_fcm_is_seen_without_its_access_token(pushing: Pushing) -> None:
    await pushing.fcm(notice(1))
    serial = (await look(pushing)).only().entries[0].push
    answer = await pushing.child.order("GET", f"/pushes/{serial}")
    assert ["authorization", "Bearer …"] in answer.json()["headers"]  # type: ignore[operator]
    assert b"ya29" not in answer.body
    assert msgspec.json.decode(str(answer.json()["body"])) == {"message": notice(1)}
    for unknown in (str(serial + 1), "0", "first"):
        assert "error" in (await pushing.child.order("GET", f"/pushes/{unknown}")).json()


@pytest.mark.holds("A34")
async def test_the_clock_of_phones_runs_ahead_and_credentials_go_by_the_real_one(pushing: Pushing) -> None:
    now = await _now(pushing)
    await pushing.child.order("PUT", "/clock", {"ahead_seconds": DAY})
    clock = (await pushing.child.order("GET", "/clock")).json()
    assert clock["ahead_seconds"] == DAY
    assert (await pushing.apns()).status == 200
    assert (await pushing.fcm(notice(1))).status == 200
    for phone in (await look(pushing)).phones:
        assert now + DAY <= _seconds(phone.entries[0].at) < now + DAY + 60
    await pushing.child.order("PUT", f"/tokens/{TOKEN}", {"state": "gone"})
    told: Mapping[str, object] = (await pushing.apns()).json()
    assert now + DAY <= int(str(told["timestamp"])) / 1000 < now + DAY + 60


@pytest.mark.parametrize("order", [{"ahead_seconds": -1}, {"ahead_seconds": 1e12}, {"ahead": 5}, {}])
async def test_a_wrong_clock_is_refused(pushing: Pushing, order: dict[str, object]) -> None:
    assert (await pushing.child.order("PUT", "/clock", order)).status == 400


async def _now(pushing: Pushing) -> int:
    return int(_seconds(str((await pushing.child.order("GET", "/clock")).json()["now"])))


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
