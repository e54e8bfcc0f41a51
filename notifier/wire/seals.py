"""Sealing at rest: AES-256-GCM with key ids (B40).

A seal is version (1 byte), key id (2 bytes, big-endian), nonce (12 bytes), ciphertext with its 16-byte tag;
version and key id are authenticated together with the caller's data.
"""

from collections.abc import Callable
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from notifier.wire.keys import Key, newest

_VERSION = b"\x01"
_HEADER_BYTES = 3
_NONCE_BYTES = 12
_TAG_BYTES = 16


class SealFault(StrEnum):
    """Why a seal did not open; never what was in it."""

    BROKEN = "broken"
    """Tampered with, cut short, sealed for another purpose, or under another secret with the same id."""
    UNKNOWN_KEY = "unknown_key"


class Sealer:
    """Seals with the newest key and opens with any that it knows; `entropy` gives that many random bytes."""

    def __init__(self, *keys: Key, entropy: Callable[[int], bytes]) -> None:
        self._ciphers = {_header(key.id): AESGCM(key.secret) for key in keys}
        self._header = _header(newest(keys).id)
        self._newest = self._ciphers[self._header]
        self._entropy = entropy

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        """Seal bytes under a fresh 96-bit nonce; `aad` must be given again to open them."""
        nonce = self._entropy(_NONCE_BYTES)
        return self._header + nonce + self._newest.encrypt(nonce, plain, self._header + aad)

    def open(self, sealed: bytes, aad: bytes) -> bytes | SealFault:
        """Give what was sealed, or why it cannot be had."""
        header, nonce, rest = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES:15], sealed[15:]
        if len(rest) < _TAG_BYTES or header[:1] != _VERSION:
            return SealFault.BROKEN
        cipher = self._ciphers.get(header)
        if cipher is None:
            return SealFault.UNKNOWN_KEY
        try:
            return cipher.decrypt(nonce, rest, header + aad)
        except InvalidTag:
            return SealFault.BROKEN


def _header(key_id: int) -> bytes:
    return _VERSION + key_id.to_bytes(2)
