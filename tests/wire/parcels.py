"""Made-up parcels for the tests of payloads and lanes."""

from datetime import UTC, datetime

from notifier.domain.identifiers import CollapseId
from notifier.domain.people import Platform
from notifier.domain.pushes import Alert, BadgeDown, Parcel, Removal
from notifier.domain.verdicts import Loudness

PUSH_ID = bytes.fromhex("7f0c9a4d2b1e4f60a1b2c3d4e5f60718")
PUSH_UUID = "7f0c9a4d-2b1e-4f60-a1b2-c3d4e5f60718"
COLLAPSE = CollapseId(bytes.fromhex("000102030405060708090a0b0c0d0e0f"))
COLLAPSE_TEXT = "000102030405060708090a0b0c0d0e0f"
IOS_TOKEN = "ab" * 32
ANDROID_TOKEN = "cFm_made-up:APA91b" + "x" * 140
EXPIRES = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)


def alert(
    *,
    text_key: str = "own",
    loudness: Loudness = Loudness.ACTIVE,
    badge: int = 3,
    sealed: bytes | None = None,
    key_id: str = "k1",
    expires_at: datetime = EXPIRES,
) -> Alert:
    return Alert(
        text_key=text_key,
        loudness=loudness,
        badge=badge,
        collapse_id=COLLAPSE,
        expires_at=expires_at,
        sealed=sealed,
        key_id=key_id,
    )


def parcel(
    content: Alert | BadgeDown | Removal, *, token: str = IOS_TOKEN, kind: str = "token", push_id: bytes = PUSH_ID
) -> Parcel:
    platform = Platform.IOS if token == IOS_TOKEN else Platform.ANDROID
    return Parcel(id=push_id, platform=platform, lane="test", token=token, kind=kind, content=content)
