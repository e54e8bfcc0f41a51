"""Sealed details: what only the device may read (A32, B9).

A seal is nonce (12 bytes), ciphertext, tag (16 bytes). Authenticated with it are the device's id (8 bytes,
big-endian), the push's id (the 16 bytes of `id` in the payload, which names the notice to this device alone)
and the key id (UTF-8).
"""

from datetime import datetime

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from notifier.domain.identifiers import DeviceId
from notifier.wire.payloads import spell_id

NONCE_BYTES, _TAG_BYTES = 12, 16
SIZES = (256, 512, 1024)
"""Bytes that details are padded to, so that their length says nothing."""


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What a notice is about; `about` is the link's random id for a child, None for oneself."""

    type: str
    unit: str
    matter: str
    happens_at: datetime | None
    link: str
    about: bytes | None


class _Written(msgspec.Struct, frozen=True, kw_only=True):
    v: int = 1
    type: str
    unit: str
    matter: str
    happens_at: datetime | None
    link: str
    about: str | None


_encoder = msgspec.json.Encoder()


def write_details(details: Details) -> bytes:
    """Write details once per recipient: JSON, padded with spaces; ValueError if they are over 1,024 bytes."""
    written = _encoder.encode(
        _Written(
            type=details.type,
            unit=details.unit,
            matter=details.matter,
            happens_at=details.happens_at,
            link=details.link,
            about=None if details.about is None else spell_id(details.about),
        )
    )
    for size in SIZES:
        if len(written) <= size:
            return written.ljust(size)
    raise ValueError(f"details of {len(written)} bytes; {SIZES[-1]} fit")


def count_sealed(written: bytes) -> int:
    """Say how many bytes written details take once they are sealed."""
    return NONCE_BYTES + len(written) + _TAG_BYTES


def seal_details(
    written: bytes, *, content_key: bytes, nonce: bytes, device: DeviceId, push_id: bytes, key_id: str
) -> bytes:
    """Seal written details for one device under a nonce that was never used with its key (B9)."""
    return nonce + AESGCM(content_key).encrypt(nonce, written, _authenticated(device, push_id, key_id))


def open_details(sealed: bytes, *, content_key: bytes, device: DeviceId, push_id: bytes, key_id: str) -> bytes:
    """Open what was sealed for a device, as its app does; ValueError where it was sealed for another, or changed."""
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(content_key).decrypt(nonce, rest, _authenticated(device, push_id, key_id))
    except InvalidTag:
        raise ValueError("these details are not for this device") from None


def _authenticated(device: DeviceId, push_id: bytes, key_id: str) -> bytes:
    return device.to_bytes(8) + push_id + key_id.encode()
