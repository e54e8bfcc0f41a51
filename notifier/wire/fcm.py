"""Pushes as Google wants them (FCM HTTP v1, protocols 3.2): bytes spliced from a skeleton per variant (A32)."""

from datetime import datetime, timedelta
from itertools import product
from typing import assert_never

import msgspec

from notifier.domain.pushes import Alert, BadgeDown, Parcel, Removal
from notifier.domain.verdicts import Loudness
from notifier.wire.exchange import Request
from notifier.wire.payloads import TEXTS, check_removals, check_size, spell_bytes, spell_id

_HEADERS = {"content-type": "application/json"}
_SECOND = timedelta(seconds=1)
_LONGEST_TTL_SECONDS = 2_419_200
_QUIET_TTL_SECONDS = 86_400
"""The app asks for its badge when it is opened; Google drops everything that waits once it is 100 messages."""


def encode(parcel: Parcel, project: str, now: datetime) -> Request:
    """Write one message to `token` or `fid`; ValueError if it could not fit."""
    target = b'"fid":' if parcel.kind == "fid" else b'"token":'
    content = parcel.content
    match content:
        case Alert():
            rest = _write_alert(content, parcel.id, now)
        case BadgeDown():
            rest = _write_quiet(b'"badge":"%d"' % content.badge)
        case Removal():
            rest = _write_removal(content)
        case _:
            assert_never(content)
    body = b'{"message":{%b%b,%b}}' % (target, msgspec.json.encode(parcel.token), rest)
    return Request(path=f"/v1/projects/{project}/messages:send", headers=_HEADERS, body=check_size(body))


def _write_alert(alert: Alert, identity: bytes, now: datetime) -> bytes:
    return b'"data":{"id":"%b","badge":"%d"%b},"android":{%b%ds",%b,"tag":"%b","notification_count":%d}}' % (
        spell_id(identity).encode(),
        alert.badge,
        b"" if alert.sealed is None else _write_sealed(alert.sealed, alert.key_id),
        _URGENCIES[alert.loudness],
        min(max((alert.expires_at - now) // _SECOND, 0), _LONGEST_TTL_SECONDS),
        _SKELETONS[alert.text_key, alert.loudness],
        alert.collapse_id.hex().encode(),
        alert.badge,
    )


def _write_sealed(sealed: bytes, key_id: str) -> bytes:
    return b',"s":"%b","k":%b' % (spell_bytes(sealed), msgspec.json.encode(key_id))


def _write_removal(content: Removal) -> bytes:
    check_removals(len(content.collapse_ids))
    shown = ",".join([collapse_id.hex() for collapse_id in content.collapse_ids])
    return _write_quiet(b'"badge":"%d","remove":"%b"' % (content.badge, shown.encode()))


def _write_quiet(pairs: bytes) -> bytes:
    return b'"data":{%b},"android":{"priority":"NORMAL","ttl":"%ds"}' % (pairs, _QUIET_TTL_SECONDS)


def _write_skeleton(text_key: str, loudness: Loudness) -> bytes:
    text = TEXTS[text_key]
    shown: dict[str, object] = {"body_loc_key": text.key, "channel_id": text.channel, "visibility": "PRIVATE"}
    if loudness is Loudness.PASSIVE:
        shown["notification_priority"] = "PRIORITY_LOW"
    else:
        shown["default_sound"] = True
    return b'"notification":' + msgspec.json.encode(shown)[:-1]


_URGENCIES = {
    loudness: b'"priority":"%b","ttl":"' % (b"NORMAL" if loudness is Loudness.PASSIVE else b"HIGH")
    for loudness in Loudness
}
_SKELETONS = {variant: _write_skeleton(*variant) for variant in product(TEXTS, Loudness)}
