"""All that may stand in clear in a request to Apple or Google, typed from B8, A28, A32 and protocols 2.2, 2.3, 3.2."""

import json
import re
from collections.abc import Iterator
from typing import Any

from notifier.wire.exchange import Request

TEXTS = ("OWN", "CHILD", "UPDATE", "TEST")
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
RANDOM = "[0-9a-f]{32}"
NUMBER = "0|[1-9][0-9]{0,9}"
# base64url without padding of nonce, tag and 256, 512 or 1,024 bytes
SEALED = "[A-Za-z0-9_-]{379}|[A-Za-z0-9_-]{720}|[A-Za-z0-9_-]{1403}"
TEXT_KEY = "|".join(f"NOTICE_{name}" for name in TEXTS)
CHANNEL = "|".join(name.lower() for name in TEXTS)

APNS_HEADERS = {
    "apns-topic": r"se\.1177\.app",
    "apns-id": UUID,
    "apns-push-type": "alert|background",
    "apns-priority": "5|10",
    "apns-expiration": NUMBER,
    "apns-collapse-id": RANDOM,
}
APNS_BODY = {
    "aps.alert.loc-key": TEXT_KEY,
    "aps.category": TEXT_KEY,
    "aps.interruption-level": "passive|active|time-sensitive",
    "aps.sound": "default",
    "aps.mutable-content": "1",
    "aps.content-available": "1",
    "aps.badge": NUMBER,
    "id": UUID,
    "s": SEALED,
    "k": "1",
    "remove.*": RANDOM,
}
FCM_HEADERS = {"content-type": "application/json"}
_ANDROID = "message.android."
FCM_BODY = {
    "message.token": "[A-Za-z0-9_:.-]+",
    "message.data.id": UUID,
    "message.data.badge": NUMBER,
    "message.data.s": SEALED,
    "message.data.k": "1",
    "message.data.remove": f"{RANDOM}(,{RANDOM})*",
    f"{_ANDROID}priority": "NORMAL|HIGH",
    f"{_ANDROID}ttl": f"({NUMBER})s",
    f"{_ANDROID}notification.body_loc_key": TEXT_KEY,
    f"{_ANDROID}notification.channel_id": CHANNEL,
    f"{_ANDROID}notification.tag": RANDOM,
    f"{_ANDROID}notification.visibility": "PRIVATE",
    f"{_ANDROID}notification.default_sound": "true",
    f"{_ANDROID}notification.notification_priority": "PRIORITY_LOW",
    f"{_ANDROID}notification.notification_count": NUMBER,
}
NUMBERS = {"aps.mutable-content", "aps.content-available", "aps.badge", f"{_ANDROID}notification.notification_count"}
"""Numbers in JSON, not text."""


def find_strangers(request: Request, path: str, headers: dict[str, str], body: dict[str, str]) -> list[str]:
    """Give every field and value of a request that is not on the list; `path` is what its path is to be."""
    found = [] if request.path == path else [f"path: {request.path}"]
    found += [f"{name}: {value}" for name, value in request.headers.items() if not _is_listed(headers, name, value)]
    for field, leaf in _leaves(json.loads(request.body)):
        written = leaf if isinstance(leaf, str) else json.dumps(leaf)
        if not _is_listed(body, field, written) or (field in NUMBERS) != (type(leaf) is int):
            found.append(f"{field}: {leaf!r}")
    return found


def _is_listed(known: dict[str, str], field: str, value: str) -> bool:
    return field in known and re.fullmatch(known[field], value) is not None


def _leaves(value: Any, field: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{field}.{key}" if field else key)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, f"{field}.*")
    else:
        yield field, value
