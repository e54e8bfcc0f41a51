"""Faults are ordered over the control address, and phones, counts and journal tell what happened."""

import asyncio
import time
from datetime import timedelta

import msgspec
import pytest
from pyreqwest.exceptions import RequestError

from tests.simulators.child import client
from tests.simulators.framing import EITHER
from tests.simulators.pushing import ALERT, APNS_ID, REGISTRATION, TOKEN, Pushing

pytestmark = [pytest.mark.holds("R45"), EITHER]


async def test_a_provider_that_is_down_answers_503_and_shows_nothing(pushing: Pushing) -> None:
    for name in ("apns", "fcm"):
        await pushing.child.order("PUT", f"/providers/{name}", {"condition": "down", "retry_after": "30"})
    assert ((await pushing.apns()).status, (await pushing.apns()).reason) == (503, "ServiceUnavailable")
    answer = await pushing.fcm({"token": REGISTRATION})
    assert (answer.status, answer.headers["retry-after"]) == (503, "30")
    assert answer.json()["error"]["details"][0]["errorCode"] == "UNAVAILABLE"  # type: ignore[index]
    assert (await pushing.child.order("GET", "/phones")).json() == {"phones": []}


async def test_a_provider_can_refuse_with_a_reason_of_choice(pushing: Pushing) -> None:
    order = {"condition": "down", "status": 403, "reason": "InvalidProviderToken"}
    await pushing.child.order("PUT", "/providers/apns", order)
    answer = await pushing.apns()
    assert (answer.status, answer.reason) == (403, "InvalidProviderToken")


async def test_a_share_of_the_requests_meets_the_fault(pushing: Pushing) -> None:
    await pushing.child.order("PUT", "/providers/apns", {"condition": "down", "share": 0.25})
    assert [(await pushing.apns()).status for _ in range(8)] == [200, 200, 200, 503] * 2


@pytest.mark.holds("A29", "I3")
@pytest.mark.parametrize(("condition", "shown"), [("hang", 404), ("mute", 200)])
async def test_a_silent_provider_never_answers_and_only_a_mute_one_shows_the_push(
    pushing: Pushing, condition: str, shown: int
) -> None:
    await pushing.child.order("PUT", "/providers/apns", {"condition": condition})
    async with client(timeout=timedelta(seconds=0.3)) as hasty:
        pushing.http = hasty
        with pytest.raises(RequestError):
            await pushing.apns()
        assert (await pushing.child.order("GET", f"/phones/{TOKEN}")).status == shown
        await pushing.child.order("PUT", "/providers/apns", {"condition": "up"})
        assert (await pushing.apns()).status == 200


async def test_a_slow_provider_answers_late_and_together(pushing: Pushing) -> None:
    order = {"condition": "slow", "slow_seconds": 0.2, "latency_seconds": 0.05, "spread_seconds": 0.01}
    await pushing.child.order("PUT", "/providers/apns", order)
    started = time.monotonic()
    answers = await asyncio.gather(*(pushing.apns() for _ in range(50)))
    assert {answer.status for answer in answers} == {200}
    assert 0.25 <= time.monotonic() - started < 1.5


async def test_a_phone_is_seen_with_all_that_it_shows(pushing: Pushing) -> None:
    await pushing.child.order("PUT", f"/tokens/{TOKEN}", {"alias": "Anna's phone"})
    await pushing.apns(apns_collapse_id="m1")
    phone = await pushing.phone()
    assert (phone["alias"], phone["badge"], phone["sounds"], list(phone["entries"])) == ("Anna's phone", 3, 1, ["m1"])  # type: ignore[call-overload]
    (short,) = msgspec.convert((await pushing.child.order("GET", "/phones")).json()["phones"], list[dict[str, object]])
    assert (short["entries"], short["notices"], short["shown_twice"]) == (1, 1, 0)


async def test_a_wrong_order_is_refused_with_a_sentence(pushing: Pushing) -> None:
    for path, body in (("/providers/apns", {"condition": "sleepy"}), (f"/tokens/{TOKEN}", {"stat": "gone"})):
        answer = await pushing.child.order("PUT", path, body)
        assert answer.status == 400
        assert answer.json()["error"]
    assert (await pushing.child.order("GET", "/nothing")).status == 404
    assert b"PUT    /providers" in (await pushing.child.order("GET", "/")).body


@pytest.mark.holds("I10", "I12")
async def test_the_journal_holds_each_accepted_push_once(pushing: Pushing) -> None:
    journal = pushing.folder / "journal"
    before = len(journal.read_bytes().splitlines())
    await pushing.apns(b'{"aps":\n{"badge": 3}}', apns_collapse_id="m1")
    await pushing.apns(apns_priority="7")
    await pushing.fcm({"token": REGISTRATION, "data": {"a": "å"}})
    await asyncio.sleep(0.2)
    rows = [msgspec.json.decode(line) for line in journal.read_bytes().splitlines()[before:]]
    assert [(row["provider"], row["token"]) for row in rows] == [("apns", TOKEN), ("fcm", REGISTRATION)]
    assert rows[0]["payload"] == {"aps": {"badge": 3}}
    assert rows[0]["headers"]["apns-id"] == APNS_ID
    assert rows[0]["headers"]["apns-collapse-id"] == "m1"
    assert rows[1]["payload"]["message"]["data"] == {"a": "å"}
    assert ALERT not in [row["payload"] for row in rows]


async def test_the_token_endpoint_fails_apart_from_fcm(pushing: Pushing) -> None:
    assert (await pushing.fcm({"token": REGISTRATION})).status == 200
    await pushing.child.order("PUT", "/providers/oauth", {"condition": "down", "status": 500})
    assert (await pushing.grant()).status == 500
    assert (await pushing.fcm({"token": REGISTRATION})).status == 200
    counts = (await pushing.child.order("GET", "/counts")).json()
    assert (counts["fcm"], counts["oauth"]) == ({"accepted": 2}, {"accepted": 1, "down": 1})
