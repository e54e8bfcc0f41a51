"""What the payloads of both providers have in common: the closed list of texts and the spelling of ids."""

from binascii import b2a_base64

import msgspec

MOST_BYTES = 4096
"""Both providers' limit (protocols 2.3, 3.2)."""
MOST_FCM_TOKEN = 2048
"""Characters of a token or installation id of Google's: with longer ones the longest push would not fit."""
MOST_REMOVALS = 100
"""Collapse ids that surely fit into one push."""


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """The names under which the apps know one generic text; nothing else stands in clear (B8)."""

    key: str
    channel: str
    category: str


TEXTS = {
    name: Text(key=f"NOTICE_{name.upper()}", channel=name, category=f"NOTICE_{name.upper()}")
    for name in ("own", "child", "update", "test")
}
"""As `schemas/texts.json` has them."""

_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def spell_id(identity: bytes) -> str:
    """Write 16 bytes as a canonical UUID (protocols 2.2)."""
    digits = identity.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def spell_bytes(raw: bytes) -> bytes:
    """Write bytes as base64url without padding (RFC 4648, 5)."""
    return b2a_base64(raw, newline=False).translate(_URL_SAFE).rstrip(b"=")


def check_size(body: bytes) -> bytes:
    """Give the body back; ValueError if no provider would take it."""
    if len(body) > MOST_BYTES:
        raise ValueError(f"a push of {len(body)} bytes; providers take {MOST_BYTES}")
    return body


def check_removals(count: int) -> None:
    """Refuse, with ValueError, more collapse ids than fit into one push."""
    if count > MOST_REMOVALS:
        raise ValueError(f"{count} removals in one push; {MOST_REMOVALS} fit")
