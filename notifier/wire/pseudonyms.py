"""Keyed one-way names: persons by their number, contact points and tokens by their value (DESIGN 5, B40)."""

import hashlib
import hmac

from notifier.domain.identifiers import Pseudonym
from notifier.wire.keys import Key, newest
from notifier.wire.numbers import IdentityNumber

_BLOCK_BYTES = 64
_INNER, _OUTER = 0x36, 0x5C


class _Hmac:
    """HMAC-SHA256 with both key blocks hashed once: half the time of a fresh one (RFC 2104)."""

    def __init__(self, secret: bytes) -> None:
        block = secret.ljust(_BLOCK_BYTES, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ _INNER for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ _OUTER for byte in block))

    def __call__(self, message: bytes) -> bytes:
        inner = self._inner.copy()
        inner.update(message)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()


class Pseudonymiser:
    """Names persons by HMAC-SHA256 of their number under the person key."""

    def __init__(self, *keys: Key) -> None:
        self._hmacs = {key.id: _Hmac(key.secret) for key in sorted(keys, key=lambda key: -key.id)}
        self.key_id = newest(keys).id
        """The id of the key that `pseudonym` uses."""
        self._newest = self._hmacs[self.key_id]

    def pseudonym(self, number: IdentityNumber) -> Pseudonym:
        """Give the person's 32-byte name under the newest key."""
        return Pseudonym(self._newest(number.encode()))

    def pseudonyms(self, number: IdentityNumber) -> dict[int, Pseudonym]:
        """Give the name under each key by key id, the newest first: a rotation accepts them all (B40)."""
        return {key_id: Pseudonym(mac(number.encode())) for key_id, mac in self._hmacs.items()}


class BlindIndex:
    """Finds equal contact points and tokens without opening them: HMAC-SHA256 under the index key, apart per kind."""

    def __init__(self, key: Key) -> None:
        self._secret = key.secret

    def phone(self, number: str) -> bytes:
        """Index an E.164 number: 32 bytes."""
        return self._index(b"phone", number.encode())

    def email(self, address: str) -> bytes:
        """Index an e-mail address without regard to case: 32 bytes."""
        return self._index(b"email", address.casefold().encode())

    def token(self, token: bytes) -> bytes:
        """Index a device token: 32 bytes."""
        return self._index(b"token", token)

    def _index(self, kind: bytes, value: bytes) -> bytes:
        return hmac.digest(self._secret, kind + b"\0" + value, "sha256")
