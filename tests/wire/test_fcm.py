"""What Google gets, and what its answers mean; pyfcm says what a message looks like."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyfcm import FCMNotification

from notifier.domain.identifiers import CollapseId
from notifier.domain.pushes import Accepted, Again, BadgeDown, Outcome, Removal, Trouble
from notifier.domain.verdicts import Loudness
from notifier.wire.exchange import Reply
from notifier.wire.fcm import encode
from notifier.wire.fcm_replies import CODES, read_reply
from notifier.wire.payloads import MOST_REMOVALS, TEXTS
from tests.wire.answers import GONE, GOOGLE, MALFORMED, QUOTA, WITHOUT_CODE
from tests.wire.parcels import ANDROID_TOKEN, COLLAPSE_TEXT, EXPIRES, PUSH_UUID, alert, parcel

PROJECT = "made-up-project"
NOW = EXPIRES - timedelta(hours=2)
ORACLE = FCMNotification(service_account_file="never read", project_id=PROJECT)


@pytest.mark.holds("R12", "A28", "A32", "B8")
def test_a_sealed_notice_is_the_message_that_pyfcm_would_make() -> None:
    request = encode(parcel(alert(sealed=b"\xfb\xff" + b"\x00" * 2), token=ANDROID_TOKEN), PROJECT, NOW)

    expected = ORACLE.parse_payload(
        fcm_token=ANDROID_TOKEN,
        data_payload={"id": PUSH_UUID, "badge": "3", "s": "-_8AAA", "k": "k1"},
        android_config={
            "priority": "HIGH",
            "ttl": "7200s",
            "notification": {
                "body_loc_key": "NOTICE_OWN",
                "channel_id": "own",
                "visibility": "PRIVATE",
                "default_sound": True,
                "tag": COLLAPSE_TEXT,
                "notification_count": 3,
            },
        },
    )
    assert json.loads(request.body)["message"] == json.loads(expected)["message"]
    assert request.path == f"/v1/projects/{PROJECT}/messages:send"
    assert request.headers == {"content-type": "application/json"}


@pytest.mark.holds("R14", "R2")
def test_quiet_work_is_the_data_message_that_pyfcm_would_make() -> None:
    shown = tuple(CollapseId(bytes([number]) * 16) for number in (1, 2))
    for content, expected in (
        (BadgeDown(badge=3), {"badge": "3"}),
        (Removal(collapse_ids=shown, badge=2), {"badge": "2", "remove": f"{'01' * 16},{'02' * 16}"}),
    ):
        body = encode(parcel(content, token=ANDROID_TOKEN), PROJECT, NOW).body
        oracle = ORACLE.parse_payload(
            fcm_token=ANDROID_TOKEN,
            data_payload=expected,
            android_config={"priority": "NORMAL", "ttl": "86400s"},
        )
        assert json.loads(body)["message"] == json.loads(oracle)["message"]


@pytest.mark.holds("A19", "R12")
def test_an_installation_id_is_addressed_as_one() -> None:
    message = json.loads(encode(parcel(alert(), token=ANDROID_TOKEN, kind="fid"), PROJECT, NOW).body)["message"]

    assert message["fid"] == ANDROID_TOKEN
    assert "token" not in message


@pytest.mark.holds("B15", "I3")
@pytest.mark.parametrize(
    ("loudness", "urgency", "sounds"),
    [
        (Loudness.PASSIVE, "NORMAL", False),
        (Loudness.ACTIVE, "HIGH", True),
        (Loudness.TIME_SENSITIVE, "HIGH", True),
    ],
)
def test_loudness_decides_urgency_and_sound(loudness: Loudness, urgency: str, sounds: bool) -> None:
    body = encode(parcel(alert(loudness=loudness), token=ANDROID_TOKEN), PROJECT, NOW).body

    android = json.loads(body)["message"]["android"]
    assert android["priority"] == urgency
    assert ("default_sound" in android["notification"]) == sounds


@pytest.mark.holds("R12")
@pytest.mark.parametrize(
    ("expires_at", "ttl"),
    [
        (NOW + timedelta(seconds=90, milliseconds=900), "90s"),
        (NOW - timedelta(hours=1), "0s"),
        (NOW + timedelta(days=40), "2419200s"),
    ],
)
def test_a_message_lives_until_the_notice_is_of_no_use(expires_at: datetime, ttl: str) -> None:
    body = encode(parcel(alert(expires_at=expires_at), token=ANDROID_TOKEN), PROJECT, NOW).body

    assert json.loads(body)["message"]["android"]["ttl"] == ttl


@pytest.mark.holds("R16", "B8")
@given(
    token=st.text(st.characters(codec="ascii"), min_size=1, max_size=300),
    text_key=st.sampled_from(["own", "child", "update", "test"]),
    loudness=st.sampled_from(Loudness),
    badge=st.integers(0, 2**31 - 1),
    sealed=st.none() | st.sampled_from([284, 540, 1052]).flatmap(lambda size: st.binary(min_size=size, max_size=size)),
    key_id=st.text(max_size=64),
)
def test_only_what_may_stand_in_clear_does_and_it_fits(
    token: str, text_key: str, loudness: Loudness, badge: int, sealed: bytes | None, key_id: str
) -> None:
    content = alert(text_key=text_key, loudness=loudness, badge=badge, sealed=sealed, key_id=key_id)

    body = encode(parcel(content, token=token), PROJECT, NOW).body

    assert len(body) <= 4096
    message = json.loads(body)["message"]
    assert message.keys() == {"token", "data", "android"}
    assert message["token"] == token
    assert message["data"].keys() == {"id", "badge"} | ({"s", "k"} if sealed is not None else set())
    assert all(isinstance(value, str) for value in message["data"].values())
    assert message["android"].keys() == {"priority", "ttl", "notification"}
    shown = message["android"]["notification"]
    assert shown.keys() - {"default_sound", "notification_priority"} == {
        "body_loc_key",
        "channel_id",
        "visibility",
        "tag",
        "notification_count",
    }
    assert shown["body_loc_key"] == f"NOTICE_{text_key.upper()}"
    assert shown["channel_id"] == text_key
    assert shown["notification_count"] == badge


@pytest.mark.holds("R2")
def test_no_more_removals_than_fit_go_into_one_message() -> None:
    fits = tuple(CollapseId(number.to_bytes(16)) for number in range(MOST_REMOVALS))

    body = encode(parcel(Removal(collapse_ids=fits, badge=0), token=ANDROID_TOKEN), PROJECT, NOW).body

    assert len(body) <= 4096
    with pytest.raises(ValueError, match="removals"):
        encode(parcel(Removal(collapse_ids=(*fits, fits[0]), badge=0), token=ANDROID_TOKEN), PROJECT, NOW)


@pytest.mark.holds("B8")
def test_the_names_of_the_texts_are_those_that_the_apps_are_told() -> None:
    told = json.loads((Path(__file__).parents[2] / "schemas" / "texts.json").read_text())

    assert {
        name: {"key": text.key, "channel": text.channel, "category": text.category} for name, text in TEXTS.items()
    } == {
        name: {part: entry[part] for part in ("key", "channel", "category")}
        for name, entry in told.items()
        if not name.startswith("$")
    }


FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"


def reply(status: int, *details: dict[str, object], retry_after: str | None = None) -> Reply:
    body = {"error": {"code": status, "message": "…", "status": "…", "details": list(details)}}
    return Reply(status=status, body=json.dumps(body).encode(), retry_after=retry_after)


@pytest.mark.holds("R13", "A31")
@pytest.mark.parametrize(("status", "code", "reaction", "outcome"), GOOGLE)
def test_each_error_code_has_its_reaction(status: int, code: str, reaction: str, outcome: Outcome) -> None:
    row = read_reply(reply(status, {"@type": FCM_ERROR, "errorCode": code}), NOW)
    assert (row.reaction, row.outcome) == (reaction, outcome)


@pytest.mark.holds("R13")
def test_no_row_of_the_table_is_untested() -> None:
    assert CODES.keys() == {code for _, code, _, _ in GOOGLE}


@pytest.mark.holds("R13", "A31")
@pytest.mark.parametrize(
    ("subject", "description", "reaction", "outcome"),
    [
        ("device", "Device message rate exceeded.", "again", Again(trouble=Trouble.BUSY)),
        ("", "Device Message Rate Exceeded", "again", Again(trouble=Trouble.BUSY)),
        ("project:made-up", "Message rate exceeded.", "slow", QUOTA),
    ],
)
def test_a_device_that_gets_too_much_is_no_reason_to_slow_down_for_others(
    subject: str, description: str, reaction: str, outcome: Outcome
) -> None:
    failure: dict[str, object] = {"violations": [{"subject": subject, "description": description}]}
    row = read_reply(reply(429, {"@type": FCM_ERROR, "errorCode": "QUOTA_EXCEEDED"}, failure), NOW)
    assert (row.reaction, row.outcome) == (reaction, outcome)


@pytest.mark.holds("R13")
def test_the_error_code_decides_and_not_the_status() -> None:
    row = read_reply(reply(400, {"@type": FCM_ERROR, "errorCode": "UNREGISTERED"}), NOW)
    assert row.outcome == GONE


@pytest.mark.holds("R13")
@pytest.mark.parametrize(
    ("status", "reaction", "outcome"),
    WITHOUT_CODE,
)
@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'{"error":{"details":[]}}', b'{"error":[]}'])
def test_without_an_error_code_no_token_is_gone(status: int, reaction: str, outcome: Outcome, body: bytes) -> None:
    row = read_reply(Reply(status=status, body=body), NOW)
    assert (row.reaction, row.outcome) == (reaction, outcome)


@pytest.mark.holds("R13")
@pytest.mark.parametrize(
    ("field", "outcome"), [("message.token", GONE), ("message.fid", GONE), ("message.android.ttl", MALFORMED)]
)
@pytest.mark.parametrize("codes", [[], [{"@type": FCM_ERROR, "errorCode": "INVALID_ARGUMENT"}]])
def test_a_bad_field_is_the_tokens_fault_or_ours(field: str, outcome: Outcome, codes: list[dict[str, object]]) -> None:
    detail: dict[str, object] = {"@type": BAD_REQUEST, "fieldViolations": [{"field": field, "description": "…"}]}

    assert read_reply(reply(400, *codes, detail), NOW).outcome == outcome


@pytest.mark.holds("A31")
@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [
        ("30", timedelta(seconds=30)),
        ("Tue, 01 Dec 2026 06:32:00 GMT", timedelta(minutes=2)),
        ("Tue, 01 Dec 2026 06:29:00 GMT", timedelta(0)),
        ("soon", None),
        ("99999999999999999999", None),
    ],
)
def test_google_names_its_wait_in_seconds_or_as_a_date(retry_after: str, wait: timedelta | None) -> None:
    now = datetime(2026, 12, 1, 6, 30, tzinfo=UTC)

    outcome = read_reply(reply(503, retry_after=retry_after), now).outcome

    assert outcome == Again(trouble=Trouble.UNAVAILABLE, after=wait)


@pytest.mark.holds("R12")
def test_a_200_is_accepted() -> None:
    assert read_reply(Reply(status=200), NOW).outcome == Accepted()
