"""Devices in import files (DESIGN 8, A19)."""

import re
from base64 import b64decode
from binascii import Error
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from notifier.domain.identifiers import Pseudonym
from notifier.wire.imports import Unreadable, decode_line, read_person
from notifier.wire.payloads import MOST_FCM_TOKEN
from notifier.wire.pseudonyms import Pseudonymiser

CONTENT_KEY_BYTES = 32
_Instant = Annotated[datetime, msgspec.Meta(tz=True)]
_APNS_TOKEN = re.compile(r"(?:[0-9a-f]{2}){1,200}")
_FCM_TOKEN = re.compile(rf"[A-Za-z0-9_:.-]{{1,{MOST_FCM_TOKEN}}}")
_TOPIC = re.compile(r"[A-Za-z0-9.-]{1,155}")


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """An app installation."""

    person: Pseudonym
    platform: Literal["ios", "android"]
    environment: Literal["production", "sandbox"]
    lane: str
    kind: Literal["token", "fid"]
    token: str
    content_key: bytes | None
    """None for one to be made."""
    language: str | None
    app_version: str | None
    registered_at: datetime

    def __repr__(self) -> str:
        return f"Device({self.lane!r})"


class _DeviceLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    person: str
    platform: Literal["ios", "android", "web"]
    environment: Literal["production", "sandbox"]
    token: str
    kind: Literal["token", "fid"] = "token"
    app_version: Annotated[str, msgspec.Meta(max_length=50)] | None = None
    language: Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}$")] | None = None
    content_key: str | None = None
    registered_at: _Instant
    topic: str | None = None


class DeviceReader:
    """Reads devices; `topic` is that of iOS devices that name none (A19)."""

    def __init__(self, pseudonymiser: Pseudonymiser, topic: str) -> None:
        self._pseudonymiser = pseudonymiser
        self._topic = topic

    def __call__(self, line: bytes) -> Device:
        """Read a device, or raise Unreadable."""
        read = decode_line(line, _DeviceLine)
        if read.platform == "web":
            raise Unreadable("`platform` web cannot be registered: Web Push does not exist yet")
        return Device(
            person=read_person(read.person, "person", self._pseudonymiser),
            platform=read.platform,
            environment=read.environment,
            lane=_choose_lane(read, self._topic),
            kind=read.kind,
            token=_read_token(read),
            content_key=None if read.content_key is None else _read_key(read.content_key),
            language=read.language,
            app_version=read.app_version,
            registered_at=read.registered_at,
        )


def _choose_lane(read: _DeviceLine, topic: str) -> str:
    if read.platform == "android":
        if read.environment != "production":
            raise Unreadable("`environment` of an Android device is always production")
        if read.topic is not None:
            raise Unreadable("`topic` is for iOS devices only")
        return "fcm:production"
    if read.kind == "fid":
        raise Unreadable("`kind` fid is for Android devices only")
    chosen = topic if read.topic is None else read.topic
    if not _TOPIC.fullmatch(chosen):
        raise Unreadable("`topic` is no bundle id")
    return f"apns:{read.environment}:{chosen}"


def _read_token(read: _DeviceLine) -> str:
    """Check a token's form; Apple's is hexadecimal, so its case says nothing."""
    token, shape = (read.token.lower(), _APNS_TOKEN) if read.platform == "ios" else (read.token, _FCM_TOKEN)
    if not shape.fullmatch(token):
        raise Unreadable("`token` is not of the form that the platform gives")
    return token


def _read_key(text: str) -> bytes:
    try:
        key = b64decode(text, validate=True)
    except (Error, ValueError):
        key = b""
    if len(key) != CONTENT_KEY_BYTES:
        raise Unreadable(f"`content_key` is not the base64 of {CONTENT_KEY_BYTES} bytes")
    return key
