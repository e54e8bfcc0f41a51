"""Simulated FCM HTTP v1 answers as protocols.md 3.1 to 3.4 says."""

import msgspec
import pytest

from tests.simulators.child import Answer
from tests.simulators.framing import EITHER
from tests.simulators.pushing import REGISTRATION, Pushing

pytestmark = [pytest.mark.holds("R12"), EITHER]

FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
GOOD = {"token": REGISTRATION, "data": {"badge": "3"}}


def details_of(answer: Answer, kind: str) -> list[dict[str, object]]:
    error = answer.json()["error"]
    assert isinstance(error, dict)
    assert error["code"] == answer.status
    return [detail for detail in error.get("details", []) if detail["@type"] == kind]


def field_of(answer: Answer) -> object:
    (detail,) = details_of(answer, BAD_REQUEST)
    (violation,) = msgspec.convert(detail["fieldViolations"], list[dict[str, str]])
    return violation["field"]


async def test_a_good_message_is_accepted_under_a_name(pushing: Pushing) -> None:
    first, second = [str((await pushing.fcm(GOOD)).json()["name"]) for _ in range(2)]
    assert first.startswith("projects/simulated-project/messages/")
    assert first != second


@pytest.mark.parametrize(
    "target", [{"token": REGISTRATION}, {"fid": "fid-1"}, {"topic": "news"}, {"condition": "'a' in topics"}]
)
async def test_each_kind_of_target_is_accepted(pushing: Pushing, target: dict[str, str]) -> None:
    assert (await pushing.fcm({**target, "data": {}})).status == 200


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("message", {"data": {}}),
        ("message", {"token": "a", "topic": "b"}),
        ("message", {"token": "a", "fid": "b"}),
        ("message.token", {"token": "not a token"}),
        ("message.topic", {"topic": "/topics/news"}),
        ("message", {"token": "a", "colour": "red"}),
        ("message.notification", {"token": "a", "notification": {"title": "t", "sound": "default"}}),
        ("message.android", {"token": "a", "android": {"time_to_live": 5}}),
        ("message.data", {"token": "a", "data": {"badge": 3}}),
        ("message.data", {"token": "a", "data": {"from": "x"}}),
        ("message.data", {"token": "a", "data": {"message_type": "x"}}),
        ("message.data", {"token": "a", "data": {"google.x": "x"}}),
        ("message.data", {"token": "a", "data": {"gcm.notification.x": "x"}}),
        ("message.android.data", {"token": "a", "android": {"data": {"from": "x"}}}),
        ("message.android.ttl", {"token": "a", "android": {"ttl": 3600}}),
        ("message.android.ttl", {"token": "a", "android": {"ttl": "3600"}}),
        ("message.android.ttl", {"token": "a", "android": {"ttl": "-1s"}}),
        ("message.android.ttl", {"token": "a", "android": {"ttl": "2419201s"}}),
        ("message.android.priority", {"token": "a", "android": {"priority": "URGENT"}}),
        (
            "message.android.notification.notification_count",
            {"token": "a", "android": {"notification": {"notification_count": "3"}}},
        ),
        ("message.android_v2", {"token": "a", "android": {"ttl": "1s"}, "android_v2": {"ttl": "1s"}}),
        ("message", {"token": "a", "data": {"s": "x" * 4096}}),
        ("message", {"topic": "a", "data": {"s": "x" * 2048}}),
    ],
)
async def test_a_bad_field_is_refused_by_its_name(pushing: Pushing, field: str, message: dict[str, object]) -> None:
    answer = await pushing.fcm(message)
    assert (answer.status, field_of(answer)) == (400, field)
    assert not details_of(answer, FCM_ERROR)


async def test_the_longest_ttl_and_the_largest_payload_are_accepted(pushing: Pushing) -> None:
    assert (await pushing.fcm({"token": "a", "android": {"ttl": "2419200s"}})).status == 200
    assert (await pushing.fcm({"token": "a" * 163, "data": {"s": "x" * 4050}})).status == 200


async def test_camel_case_is_read_as_snake_case(pushing: Pushing) -> None:
    android = {"notification": {"bodyLocKey": "notice.own", "notificationCount": 4, "tag": "t"}}
    answer = await pushing.fcm({"token": "camel", "android": android, "data": {"camelKey": "x"}})
    assert answer.status == 200
    assert (await pushing.phone("camel"))["badge"] == 4


async def test_what_is_no_json_is_refused(pushing: Pushing) -> None:
    for body in (b"", b"{", b"[]", b"{}"):
        assert (await pushing.fcm(body)).status == 400


async def test_a_message_for_validation_only_reaches_no_phone(pushing: Pushing) -> None:
    body = msgspec.json.encode({"message": {"token": "checked", "data": {}}, "validate_only": True})
    assert (await pushing.fcm(body)).status == 200
    assert (await pushing.child.order("GET", "/phones/checked")).status == 404


@pytest.mark.parametrize("authorization", ["", "Bearer x", "Bearer ya29.99999999999.00", "Basic x"])
async def test_an_unknown_bearer_is_refused(pushing: Pushing, authorization: str) -> None:
    answer = await pushing.fcm(GOOD, authorization=authorization)
    assert (answer.status, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")  # type: ignore[index]


async def test_another_project_is_not_found_without_an_fcm_error(pushing: Pushing) -> None:
    answer = await pushing.fcm(GOOD, project="another")
    assert (answer.status, details_of(answer, FCM_ERROR)) == (404, [])


@pytest.mark.holds("R17", "A31")
@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        ("gone", 404, "UNREGISTERED"),
        ("bad", 400, "INVALID_ARGUMENT"),
        ("refused", 403, "SENDER_ID_MISMATCH"),
        ("limited", 429, "QUOTA_EXCEEDED"),
        ("broken", 500, "INTERNAL"),
        ("third_party", 401, "THIRD_PARTY_AUTH_ERROR"),
    ],
)
async def test_a_registration_answers_by_its_state(pushing: Pushing, state: str, status: int, code: str) -> None:
    await pushing.child.order("PUT", f"/tokens/{REGISTRATION}", {"state": state})
    answer = await pushing.fcm(GOOD)
    assert answer.status == status
    assert [detail["errorCode"] for detail in details_of(answer, FCM_ERROR)] == [code]
