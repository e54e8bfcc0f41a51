"""Pushes as Apple wants them (protocols 2.2, 2.3): bytes spliced from a skeleton per variant (A32)."""

from itertools import product
from typing import assert_never
from urllib.parse import quote

import msgspec

from notifier.domain.pushes import Alert, BadgeDown, Parcel, Removal
from notifier.domain.verdicts import Loudness
from notifier.wire.exchange import Request
from notifier.wire.payloads import TEXTS, check_removals, check_size, spell_bytes, spell_id

_AT_ONCE, _CONSIDERATE = "10", "5"
_NOT_STORED = "0"


def encode(parcel: Parcel, topic: str) -> Request:
    """Write one push; ValueError if it could not fit."""
    identity = spell_id(parcel.id)
    headers = {"apns-topic": topic, "apns-id": identity}
    content = parcel.content
    match content:
        case Alert():
            body = _write_alert(content, identity, headers)
        case BadgeDown():
            body = _write_badge(content, headers)
        case Removal():
            body = _write_removal(content, headers)
        case _:
            assert_never(content)
    return Request(path="/3/device/" + _spell_token(parcel.token), headers=headers, body=check_size(body))


def _spell_token(token: str) -> str:
    return token if token.isalnum() else quote(token, safe="")


def _write_alert(alert: Alert, identity: str, headers: dict[str, str]) -> bytes:
    headers["apns-push-type"] = "alert"
    headers["apns-priority"] = _CONSIDERATE if alert.loudness is Loudness.PASSIVE else _AT_ONCE
    headers["apns-expiration"] = str(int(alert.expires_at.timestamp()))
    headers["apns-collapse-id"] = alert.collapse_id.hex()
    skeleton = _SKELETONS[alert.text_key, alert.loudness, alert.sealed is not None]
    if alert.sealed is None:
        return b'%b%d},"id":"%b"}' % (skeleton, alert.badge, identity.encode())
    key_id = msgspec.json.encode(alert.key_id)
    return b'%b%d},"id":"%b","s":"%b","k":%b}' % (
        skeleton,
        alert.badge,
        identity.encode(),
        spell_bytes(alert.sealed),
        key_id,
    )


def _write_badge(content: BadgeDown, headers: dict[str, str]) -> bytes:
    _mark_quiet(headers, "alert")
    return b'{"aps":{"badge":%d}}' % content.badge


def _write_removal(content: Removal, headers: dict[str, str]) -> bytes:
    _mark_quiet(headers, "background")
    check_removals(len(content.collapse_ids))
    shown = ",".join(f'"{collapse_id.hex()}"' for collapse_id in content.collapse_ids)
    return f'{{"aps":{{"content-available":1}},"remove":[{shown}]}}'.encode()


def _mark_quiet(headers: dict[str, str], push_type: str) -> None:
    headers["apns-push-type"] = push_type
    headers["apns-priority"] = _CONSIDERATE
    # Apple keeps one push per app for a phone that is away: a quiet one must never take the place of a notice.
    headers["apns-expiration"] = _NOT_STORED


def _write_skeleton(text_key: str, loudness: Loudness, sealed: bool) -> bytes:
    text = TEXTS[text_key]
    aps: dict[str, object] = {"alert": {"loc-key": text.key}, "category": text.category}
    aps["interruption-level"] = loudness.value
    if loudness is not Loudness.PASSIVE:
        aps["sound"] = "default"
    if sealed:
        aps["mutable-content"] = 1
    return b'{"aps":' + msgspec.json.encode(aps)[:-1] + b',"badge":'


_SKELETONS = {variant: _write_skeleton(*variant) for variant in product(TEXTS, Loudness, (False, True))}
