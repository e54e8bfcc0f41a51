"""Secret keys as the wire uses them: 256 random bits with an id, one per use (B40)."""

from itertools import pairwise

import msgspec

KEY_BYTES = 32
_FEWEST_DISTINCT = 16
"""32 random bytes have some 30 distinct values; fewer than 16 does not happen by chance."""


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """One key; the id (1 to 32,767) travels with what it made, the secret is never shown."""

    id: int
    secret: bytes

    def __repr__(self) -> str:
        return f"Key(id={self.id})"


def newest(keys: tuple[Key, ...]) -> Key:
    """Give the key with the highest id: the one that new things are made with."""
    return max(keys, key=lambda key: key.id)


def weak(secret: bytes) -> bool:
    """Say whether bytes cannot be 256 random bits: wrong length, text, a pattern, few values (B40)."""
    if len(secret) != KEY_BYTES or len(set(secret)) < _FEWEST_DISTINCT:
        return True
    steps = {(after - before) % 256 for before, after in pairwise(secret)}
    return secret.isascii() or len(steps) < _FEWEST_DISTINCT or secret[:16] == secret[16:]
