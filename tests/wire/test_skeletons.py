"""A spliced push is, byte for byte, what encoding it as a whole would give (A32)."""

import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyfcm import FCMNotification

from notifier.domain.identifiers import CollapseId
from notifier.domain.pushes import Alert
from notifier.domain.verdicts import Loudness
from notifier.wire import apns, fcm
from tests.wire.parcels import ANDROID_TOKEN, EXPIRES, parcel

PROJECT = "made-up-project"
NOW = EXPIRES - timedelta(hours=2)
PYFCM = FCMNotification(service_account_file="never read", project_id=PROJECT)
IDS = st.binary(min_size=16, max_size=16)
ALERTS = st.builds(
    Alert,
    text_key=st.sampled_from(["own", "child", "update", "test"]),
    loudness=st.sampled_from(Loudness),
    badge=st.integers(0, 2**31 - 1),
    collapse_id=IDS.map(CollapseId),
    expires_at=st.just(EXPIRES),
    sealed=st.none() | st.sampled_from([284, 540, 1052]).flatmap(lambda size: st.binary(min_size=size, max_size=size)),
    key_id=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=64),
)


def write_plainly(payload: dict[str, Any]) -> bytes:
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()


def sealed_fields(alert: Alert) -> dict[str, str]:
    if alert.sealed is None:
        return {}
    return {"s": urlsafe_b64encode(alert.sealed).rstrip(b"=").decode(), "k": alert.key_id}


@pytest.mark.holds("A32", "R12")
@given(push_id=IDS, alert=ALERTS)
def test_apples_payload_is_the_plain_json(push_id: bytes, alert: Alert) -> None:
    name = f"NOTICE_{alert.text_key.upper()}"
    aps: dict[str, Any] = {"alert": {"loc-key": name}, "category": name, "interruption-level": alert.loudness.value}
    if alert.loudness is not Loudness.PASSIVE:
        aps["sound"] = "default"
    if alert.sealed is not None:
        aps["mutable-content"] = 1
    payload = {"aps": {**aps, "badge": alert.badge}, "id": str(UUID(bytes=push_id)), **sealed_fields(alert)}

    body = apns.encode(parcel(alert, push_id=push_id), "se.1177.app").body

    assert body == write_plainly(payload)


@pytest.mark.holds("A32", "R12")
@given(push_id=IDS, alert=ALERTS)
def test_googles_message_is_that_of_pyfcm(push_id: bytes, alert: Alert) -> None:
    shown: dict[str, Any] = {
        "body_loc_key": f"NOTICE_{alert.text_key.upper()}",
        "channel_id": alert.text_key,
        "visibility": "PRIVATE",
    }
    passive = alert.loudness is Loudness.PASSIVE
    shown |= {"notification_priority": "PRIORITY_LOW"} if passive else {"default_sound": True}
    expected = PYFCM.parse_payload(
        fcm_token=ANDROID_TOKEN,
        data_payload={"id": str(UUID(bytes=push_id)), "badge": str(alert.badge), **sealed_fields(alert)},
        android_config={
            "priority": "NORMAL" if passive else "HIGH",
            "ttl": "7200s",
            "notification": {**shown, "tag": alert.collapse_id.hex(), "notification_count": alert.badge},
        },
    )

    body = fcm.encode(parcel(alert, token=ANDROID_TOKEN, push_id=push_id), PROJECT, NOW).body

    assert json.loads(body)["message"] == json.loads(expected)["message"]
    assert body == write_plainly(json.loads(body))
