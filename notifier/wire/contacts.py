"""Contact points at rest: sealed, with a blind index where equality is needed (B40)."""

import msgspec

from notifier.wire.pseudonyms import BlindIndex
from notifier.wire.seals import Sealer

PHONE = b"phone"
"""What a sealed number is authenticated with; it must be given again to open it."""
EMAIL = b"email"


class ContactPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A number or address that nobody can read without the keys."""

    sealed: bytes
    index: bytes


class ContactSealer:
    """Seals numbers and addresses under the contact key, and indexes them under the index key."""

    def __init__(self, sealer: Sealer, index: BlindIndex) -> None:
        self._sealer = sealer
        self._index = index

    def phone(self, number: str | None) -> ContactPoint | None:
        """Seal an E.164 number."""
        if number is None:
            return None
        return ContactPoint(sealed=self._sealer.seal(number.encode(), PHONE), index=self._index.phone(number))

    def email(self, address: str | None) -> ContactPoint | None:
        """Seal an e-mail address."""
        if address is None:
            return None
        return ContactPoint(sealed=self._sealer.seal(address.encode(), EMAIL), index=self._index.email(address))
