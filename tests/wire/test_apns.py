"""What Apple gets, and what its answers mean."""

import json
from datetime import UTC, datetime

import pytest
from aioapns import PRIORITY_HIGH, PRIORITY_NORMAL, PushType
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.identifiers import CollapseId
from notifier.domain.pushes import Accepted, Again, BadgeDown, Outcome, Removal, TokenGone
from notifier.domain.verdicts import Loudness
from notifier.wire.apns import encode
from notifier.wire.apns_replies import ROWS, read_reply
from notifier.wire.exchange import Failure, Reply
from notifier.wire.payloads import MOST_REMOVALS
from notifier.wire.reactions import read_failure
from tests.wire.answers import APPLE, AWAY, BUSY, REFUSED
from tests.wire.parcels import COLLAPSE_TEXT, IOS_TOKEN, PUSH_UUID, alert, parcel

TOPIC = "se.1177.app"


@pytest.mark.holds("R12", "A28", "A32", "B8")
def test_a_sealed_notice_is_exactly_this_payload() -> None:
    request = encode(parcel(alert(sealed=b"\xfb\xff" + b"\x00" * 2)), TOPIC)

    assert json.loads(request.body) == {
        "aps": {
            "alert": {"loc-key": "NOTICE_OWN"},
            "category": "NOTICE_OWN",
            "interruption-level": "active",
            "sound": "default",
            "mutable-content": 1,
            "badge": 3,
        },
        "id": PUSH_UUID,
        "s": "-_8AAA",
        "k": "k1",
    }


@pytest.mark.holds("R12", "A28")
def test_a_notice_travels_under_these_headers() -> None:
    request = encode(parcel(alert()), TOPIC)

    assert request.path == f"/3/device/{IOS_TOKEN}"
    assert request.headers == {
        "apns-topic": TOPIC,
        "apns-id": PUSH_UUID,
        "apns-push-type": PushType.ALERT.value,
        "apns-priority": PRIORITY_HIGH,
        "apns-expiration": "1796113800",
        "apns-collapse-id": COLLAPSE_TEXT,
    }


@pytest.mark.holds("B7", "A32")
def test_a_protected_persons_push_has_nothing_sealed() -> None:
    payload = json.loads(encode(parcel(alert(sealed=None)), TOPIC).body)

    assert payload.keys() == {"aps", "id"}
    assert "mutable-content" not in payload["aps"]


@pytest.mark.holds("B15", "I3")
@pytest.mark.parametrize(
    ("loudness", "level", "sounds", "priority"),
    [
        (Loudness.PASSIVE, "passive", False, PRIORITY_NORMAL),
        (Loudness.ACTIVE, "active", True, PRIORITY_HIGH),
        (Loudness.TIME_SENSITIVE, "time-sensitive", True, PRIORITY_HIGH),
    ],
)
def test_loudness_decides_sound_level_and_priority(loudness: Loudness, level: str, sounds: bool, priority: str) -> None:
    request = encode(parcel(alert(loudness=loudness)), TOPIC)

    aps = json.loads(request.body)["aps"]
    assert aps["interruption-level"] == level
    assert ("sound" in aps) == sounds
    assert request.headers["apns-priority"] == priority


@pytest.mark.holds("R14")
def test_a_badge_goes_down_in_silence() -> None:
    request = encode(parcel(BadgeDown(badge=0)), TOPIC)

    assert json.loads(request.body) == {"aps": {"badge": 0}}
    assert request.headers["apns-push-type"] == PushType.ALERT.value
    assert request.headers["apns-priority"] == PRIORITY_NORMAL
    assert "apns-collapse-id" not in request.headers


@pytest.mark.holds("R2")
def test_a_removal_is_a_background_push_that_names_what_was_shown() -> None:
    shown = tuple(CollapseId(bytes([number]) * 16) for number in (1, 2))

    request = encode(parcel(Removal(collapse_ids=shown, badge=7)), TOPIC)

    assert json.loads(request.body) == {"aps": {"content-available": 1}, "remove": ["01" * 16, "02" * 16]}
    assert request.headers["apns-push-type"] == PushType.BACKGROUND.value
    assert request.headers["apns-priority"] == PRIORITY_NORMAL


@pytest.mark.holds("R2")
def test_no_more_removals_than_fit_go_into_one_push() -> None:
    fits = tuple(CollapseId(number.to_bytes(16)) for number in range(MOST_REMOVALS))

    assert len(encode(parcel(Removal(collapse_ids=fits, badge=0)), TOPIC).body) <= 4096
    with pytest.raises(ValueError, match="removals"):
        encode(parcel(Removal(collapse_ids=(*fits, fits[0]), badge=0)), TOPIC)


@pytest.mark.holds("R16", "B8")
@given(
    text_key=st.sampled_from(["own", "child", "update", "test"]),
    loudness=st.sampled_from(Loudness),
    badge=st.integers(0, 2**31 - 1),
    sealed=st.none() | st.sampled_from([284, 540, 1052]).flatmap(lambda size: st.binary(min_size=size, max_size=size)),
    key_id=st.text(max_size=64),
)
def test_only_what_may_stand_in_clear_does_and_it_fits(
    text_key: str, loudness: Loudness, badge: int, sealed: bytes | None, key_id: str
) -> None:
    content = alert(text_key=text_key, loudness=loudness, badge=badge, sealed=sealed, key_id=key_id)

    body = encode(parcel(content), TOPIC).body

    assert len(body) <= 4096
    payload = json.loads(body)
    assert payload.keys() == {"aps", "id"} | ({"s", "k"} if sealed is not None else set())
    assert payload["aps"].keys() <= {"alert", "category", "interruption-level", "sound", "mutable-content", "badge"}
    assert payload["aps"]["alert"] == {"loc-key": f"NOTICE_{text_key.upper()}"}
    assert payload["aps"]["category"] == f"NOTICE_{text_key.upper()}"
    assert payload["aps"]["badge"] == badge
    assert payload.get("k", key_id) == key_id


@pytest.mark.holds("A32")
def test_a_push_that_no_provider_would_take_is_refused_before_it_leaves() -> None:
    with pytest.raises(ValueError, match="4096"):
        encode(parcel(alert(sealed=bytes(4096))), TOPIC)


@pytest.mark.holds("I10")
def test_a_request_does_not_show_its_token() -> None:
    assert IOS_TOKEN not in repr(encode(parcel(alert()), TOPIC))


@pytest.mark.holds("R12")
def test_a_token_cannot_leave_its_place_in_the_path() -> None:
    hostile = parcel(alert(), token="ab/../../x?y#z\r\n")

    assert encode(hostile, TOPIC).path == "/3/device/ab%2F..%2F..%2Fx%3Fy%23z%0D%0A"


@pytest.mark.holds("R13", "A31")
@pytest.mark.parametrize(("status", "reason", "reaction", "outcome"), APPLE)
def test_each_answer_has_its_reaction(status: int, reason: str, reaction: str, outcome: Outcome) -> None:
    row = read_reply(Reply(status=status, body=json.dumps({"reason": reason}).encode()))
    assert (row.reaction, row.outcome) == (reaction, outcome)


@pytest.mark.holds("R13")
def test_no_row_of_the_table_is_untested() -> None:
    assert ROWS.keys() == {(status, reason) for status, reason, _, _ in APPLE}


@pytest.mark.holds("R12")
def test_a_200_is_accepted() -> None:
    assert read_reply(Reply(status=200)).outcome == Accepted()


@pytest.mark.holds("A31", "R17")
@pytest.mark.parametrize("reason", ["Unregistered", "ExpiredToken"])
def test_a_token_is_gone_since_the_instant_that_apple_names(reason: str) -> None:
    body = json.dumps({"reason": reason, "timestamp": 1764000000123}).encode()

    outcome = read_reply(Reply(status=410, body=body)).outcome

    assert outcome == TokenGone(since=datetime(2025, 11, 24, 16, 0, 0, 123000, UTC))


@pytest.mark.holds("A31", "R13")
@pytest.mark.parametrize("body", [b"", b'{"reason":"Unregistered"}', b"\xff", b'{"timestamp":%d}' % 10**19, b"[1]"])
def test_a_410_that_names_no_instant_takes_no_device_away(body: bytes) -> None:
    assert read_reply(Reply(status=410, body=body)).outcome == REFUSED


@pytest.mark.holds("R13")
@pytest.mark.parametrize(
    ("status", "outcome"), [(400, REFUSED), (403, REFUSED), (418, REFUSED), (429, BUSY), (500, AWAY), (307, AWAY)]
)
@pytest.mark.parametrize("body", [b"", b"<html>", b'{"reason":7}', b'{"reason":"NeverSeenBefore"}', b"null"])
def test_an_answer_that_nobody_has_described_has_a_safe_reaction(status: int, outcome: Outcome, body: bytes) -> None:
    assert read_reply(Reply(status=status, body=body)).outcome == outcome


@pytest.mark.holds("I3", "A29")
@pytest.mark.parametrize(
    ("failure", "unknown"),
    [
        (Failure.NOT_SENT, False),
        (Failure.UNPROCESSED, False),
        (Failure.RESET, True),
        (Failure.LOST, True),
        (Failure.TIMED_OUT, True),
    ],
)
def test_only_what_surely_was_not_processed_is_not_in_doubt(failure: Failure, unknown: bool) -> None:
    outcome = read_failure(failure).outcome

    assert isinstance(outcome, Again)
    assert outcome.unknown is unknown
