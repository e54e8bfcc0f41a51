"""What the simulated phones showed, read with the keys that only they have."""

from base64 import urlsafe_b64decode
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.whole.people import Phone


class Screen(msgspec.Struct, frozen=True, kw_only=True):
    """One phone: its badge, what it showed twice (A29), and each notice that came, by matter."""

    badge: int
    shown_twice: int
    matters: Mapping[str, set[str]]
    """Ids of the notices about a matter: one, however often it came."""
    sounds: int


def read_journal(journal: Path, start: int = 0) -> Iterator[dict[str, Any]]:
    """Give every push that a provider accepted since the journal had this length."""
    with journal.open("rb") as lines:
        lines.seek(start)
        for line in lines:
            yield orjson.loads(line)


def read_screens(
    phones: Mapping[str, Phone], devices: Mapping[str, int], shown: bytes, pushes: Iterable[Mapping[str, Any]]
) -> dict[str, Screen]:
    """Give each phone's screen by token; a phone that no push ever reached has none."""
    matters: dict[str, dict[str, set[str]]] = {token: {} for token in phones}
    for push in pushes:
        token = push["token"]
        content = content_of(push)
        if token in phones and "s" in content:
            matter = open_details(content, phones[token], devices[token])["matter"]
            matters[token].setdefault(matter, set()).add(content["id"])
    return {
        phone["token"]: Screen(
            badge=phone["badge"],
            shown_twice=phone["shown_twice"],
            matters=matters[phone["token"]],
            sounds=phone["sounds"],
        )
        for phone in orjson.loads(shown)["phones"]
        if phone["token"] in phones
    }


def open_details(content: Mapping[str, str], phone: Phone, device: int) -> dict[str, Any]:
    """Open sealed details as the app does (A32, B9)."""
    sealed = urlsafe_b64decode(content["s"] + "=" * (-len(content["s"]) % 4))
    authenticated = device.to_bytes(8) + bytes.fromhex(content["id"].replace("-", "")) + content["k"].encode()
    details: dict[str, Any] = orjson.loads(AESGCM(phone.content_key).decrypt(sealed[:12], sealed[12:], authenticated))
    return details


def content_of(push: Mapping[str, Any]) -> dict[str, str]:
    """Give our own fields of a push; an alert has `s`, the sealed details."""
    payload = push["payload"]
    message = payload.get("message")
    content: dict[str, str] = payload if message is None else message.get("data", {})
    return content
