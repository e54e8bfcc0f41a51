"""Simulated APNs answers as protocols.md 2.2 to 2.5 says."""

from uuid import UUID

import msgspec
import pytest
from pyreqwest.client import ClientBuilder

from tests.simulators.child import send
from tests.simulators.framing import EITHER
from tests.simulators.pushing import ALERT, APNS_ID, TOKEN, Pushing

pytestmark = [pytest.mark.holds("R12"), EITHER]


async def test_a_good_push_is_accepted_with_its_id_and_no_body(pushing: Pushing) -> None:
    answer = await pushing.apns()
    assert (answer.status, answer.headers["apns-id"], answer.body) == (200, APNS_ID, b"")


async def test_an_id_is_made_when_none_is_sent(pushing: Pushing) -> None:
    made = (await pushing.apns(apns_id=None)).headers["apns-id"]
    assert str(UUID(made)) == made != APNS_ID


@pytest.mark.parametrize(
    ("status", "reason", "headers"),
    [
        (403, "MissingProviderToken", {"authorization": None}),
        (403, "InvalidProviderToken", {"authorization": "bearer a.b.c"}),
        (403, "InvalidProviderToken", {"authorization": "bearer"}),
        (400, "MissingTopic", {"apns_topic": None}),
        (400, "BadTopic", {"apns_topic": "se inera"}),
        (400, "TopicDisallowed", {"apns_topic": "se.inera.other"}),
        (400, "InvalidPushType", {"apns_push_type": "alarm"}),
        (400, "InvalidPushType", {"apns_push_type": None}),
        (400, "BadTopic", {"apns_push_type": "voip"}),
        (400, "BadPriority", {"apns_priority": "7"}),
        (400, "BadPriority", {"apns_push_type": "background", "apns_priority": "10"}),
        (400, "BadPriority", {"apns_push_type": "background", "apns_priority": None}),
        (400, "BadExpirationDate", {"apns_expiration": "tomorrow"}),
        (400, "BadExpirationDate", {"apns_expiration": "-1"}),
        (400, "BadMessageId", {"apns_id": APNS_ID.upper()}),
        (400, "BadMessageId", {"apns_id": APNS_ID.replace("-", "")}),
        (400, "BadCollapseId", {"apns_collapse_id": "c" * 65}),
    ],
)
async def test_a_bad_header_is_refused_with_apples_reason(
    pushing: Pushing, status: int, reason: str, headers: dict[str, str | None]
) -> None:
    answer = await pushing.apns(**headers)  # type: ignore[arg-type]
    assert (answer.status, answer.json()) == (status, {"reason": reason})
    assert answer.headers["content-type"] == "application/json"
    assert UUID(answer.headers["apns-id"])


@pytest.mark.parametrize(
    ("status", "reason", "method", "path"),
    [
        (405, "MethodNotAllowed", "GET", f"/3/device/{TOKEN}"),
        (404, "BadPath", "POST", f"/3/devices/{TOKEN}"),
        (400, "MissingDeviceToken", "POST", "/3/device/"),
        (400, "BadDeviceToken", "POST", "/3/device/abc"),
        (400, "BadDeviceToken", "POST", "/3/device/xy"),
        (400, "BadDeviceToken", "POST", f"/3/device/{TOKEN}/"),
    ],
)
async def test_a_bad_address_is_refused(pushing: Pushing, status: int, reason: str, method: str, path: str) -> None:
    answer = await pushing.apns(method=method, path=path)
    assert (answer.status, answer.reason) == (status, reason)


async def test_the_token_may_have_any_even_length(pushing: Pushing) -> None:
    for token in ("ab", "AB" * 50):
        assert (await pushing.apns(path=f"/3/device/{token}")).status == 200


def payload_of(size_bytes: int) -> bytes:
    frame = len(msgspec.json.encode({**ALERT, "s": ""}))
    return msgspec.json.encode({**ALERT, "s": "x" * (size_bytes - frame)})


async def test_the_payload_is_json_of_at_most_4096_bytes(pushing: Pushing) -> None:
    assert (await pushing.apns(payload_of(4096))).status == 200
    refused = [
        (413, "PayloadTooLarge", payload_of(4097)),
        (400, "PayloadEmpty", b""),
        (400, "PayloadEmpty", b"{"),
        (400, "PayloadEmpty", b"[]"),
    ]
    for status, reason, payload in refused:
        answer = await pushing.apns(payload)
        assert (answer.status, answer.reason) == (status, reason)


async def test_a_collapse_id_of_64_bytes_is_accepted(pushing: Pushing) -> None:
    assert (await pushing.apns(apns_collapse_id="c" * 64)).status == 200


async def test_the_header_is_judged_before_the_body(pushing: Pushing) -> None:
    assert (await pushing.apns(b"", apns_priority="7", apns_id="?")).reason == "BadPriority"


@pytest.mark.holds("R17", "A31")
@pytest.mark.parametrize(
    ("state", "status", "reason"),
    [
        ("gone", 410, "Unregistered"),
        ("expired", 410, "ExpiredToken"),
        ("bad", 400, "BadDeviceToken"),
        ("refused", 400, "DeviceTokenNotForTopic"),
        ("limited", 429, "TooManyRequests"),
        ("broken", 500, "InternalServerError"),
    ],
)
async def test_a_token_answers_by_its_state(pushing: Pushing, state: str, status: int, reason: str) -> None:
    order = {"state": state, "at_ms": 1_700_000_000_123}
    assert (await pushing.child.order("PUT", f"/tokens/{TOKEN.upper()}", order)).status == 204
    answer = await pushing.apns()
    told = {"reason": reason, "timestamp": 1_700_000_000_123} if status == 410 else {"reason": reason}
    assert (answer.status, answer.json(), answer.headers["apns-id"]) == (status, told, APNS_ID)
    assert (await pushing.apns(path="/3/device/cdcd")).status == 200
    counts = (await pushing.child.order("GET", "/counts")).json()["apns"]
    assert counts == {"accepted": 1, reason: 1}


async def test_a_state_can_last_for_a_number_of_requests(pushing: Pushing) -> None:
    await pushing.child.order("PUT", "/tokens", {TOKEN: {"state": "broken", "times": 2}})
    assert [(await pushing.apns()).status for _ in range(3)] == [500, 500, 200]


async def test_apns_speaks_http_2_only(pushing: Pushing) -> None:
    async with ClientBuilder().no_proxy().build() as http:
        answer = await send(http, "POST", f"{pushing.child.apns}/3/device/{TOKEN}", {}, b"{}")
    assert answer.status == 505
