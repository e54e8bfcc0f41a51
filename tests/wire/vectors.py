"""`python -m tests.wire.vectors` writes `schemas/push-vectors.json`: made-up pushes for those who build the app."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from notifier.domain.identifiers import CollapseId, DeviceId
from notifier.domain.people import Platform
from notifier.domain.pushes import Alert, Parcel
from notifier.domain.verdicts import Loudness
from notifier.wire import apns, fcm
from notifier.wire.details import Details, seal_details, write_details
from tests.schemas.files import CATALOGUE, SCHEMAS
from tests.wire.parcels import ANDROID_TOKEN, IOS_TOKEN

FILE = SCHEMAS / "push-vectors.json"
CONTENT_KEY = bytes.fromhex("8d1f6a3052c94be7a0d4173f9e62b85c01f7d39a46e58b2c7d90ab1e35c4f268")
DEVICE = DeviceId(0x0102030405060708)
KEY_ID = "1"
OPENED = datetime(2026, 11, 22, 8, tzinfo=UTC)
ABOUT = UUID("5f2a8c1e-9b3d-4f60-8a71-c2d4e6f80913")
SIZES = {
    "own": ("se.1177.booking.changed.v1", "m-8812", None),
    "child": ("se.1177.results.available.v1", "m-8813", ABOUT),
    "a longer one": ("se.1177.treatment.step.available.v1", "m-" + "8814" * 15, ABOUT),
}


def make_vectors() -> dict[str, Any]:
    """Give one push per size and text, each as both providers carry it, and pushes that must not open."""
    good = [_make(number, name) for number, name in enumerate(SIZES, 1)]
    return {
        "key": {"k": KEY_ID, "device": DEVICE.to_bytes(8).hex(), "content_key": CONTENT_KEY.hex()},
        "good": good,
        "bad": [
            {"name": "for another device", "device": (DEVICE + 1).to_bytes(8).hex(), **_carried(good[0])},
            {"name": "with the id of another push", **_carried(good[0]) | {"id": good[1]["id"]}},
            {"name": "under another key id", **_carried(good[0]) | {"k": "2"}},
            {"name": "a character changed", **_carried(good[0]) | {"s": _spoil(good[0]["s"])}},
            {"name": "cut short", **_carried(good[0]) | {"s": good[0]["s"][:30]}},
        ],
    }


def _make(number: int, name: str) -> dict[str, Any]:
    type_name, matter, about = SIZES[name]
    written = write_details(
        Details(
            type=type_name,
            unit="SE2321000016-A1B2",
            matter=matter,
            happens_at=OPENED + timedelta(days=9) if about is None else None,
            link=CATALOGUE.types[type_name].link_to(matter, "01"),
            about=None if about is None else about.bytes,
        )
    )
    push_id = bytes.fromhex("7f0c9a4d2b1e4f60a1b2c3d4e5f607") + bytes([number])
    nonce = bytes.fromhex("a0a1a2a3a4a5a6a7a8a9aa") + bytes([number])
    sealed = seal_details(
        written, content_key=CONTENT_KEY, nonce=nonce, device=DEVICE, push_id=push_id, key_id=KEY_ID
    )  # fmt: skip
    parcel = _wrap(push_id, sealed, "own" if about is None else "child")
    body = json.loads(apns.encode(parcel, "se.1177.app").body)
    android = msgspec.structs.replace(parcel, platform=Platform.ANDROID, token=ANDROID_TOKEN)
    return {
        "name": name,
        "id": body["id"],
        "s": body["s"],
        "k": body["k"],
        "nonce": nonce.hex(),
        "authenticated": (DEVICE.to_bytes(8) + push_id + KEY_ID.encode()).hex(),
        "bytes": len(written),
        "details": json.loads(written),
        "apns": body,
        "fcm": json.loads(fcm.encode(android, "made-up-project", OPENED).body),
    }


def _wrap(push_id: bytes, sealed: bytes, text_key: str) -> Parcel:
    content = Alert(
        text_key=text_key,
        loudness=Loudness.ACTIVE,
        badge=3,
        collapse_id=CollapseId(push_id[::-1]),
        expires_at=OPENED + timedelta(days=7),
        sealed=sealed,
        key_id=KEY_ID,
    )
    return Parcel(id=push_id, platform=Platform.IOS, lane="", token=IOS_TOKEN, kind="token", content=content)


def _carried(vector: dict[str, Any]) -> dict[str, str]:
    return {name: vector[name] for name in ("id", "s", "k")}


def _spoil(text: str) -> str:
    return text[:40] + ("A" if text[40] != "A" else "B") + text[41:]


def write_vectors() -> str:
    """Give the file as it is to be."""
    return json.dumps(make_vectors(), indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(write_vectors(), "utf-8")
