"""Random ids for persons and devices that the house meets for the first time (DESIGN 5, B40)."""

from collections.abc import Callable

import msgspec

from notifier.domain.identifiers import PersonId, Pseudonym

_ID_BYTES = 8

Entropy = Callable[[int], bytes]
"""Gives that many random bytes."""


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody a record names, with the id they get unless they have one."""

    pseudonym: Pseudonym
    id: PersonId


def draw_ids(entropy: Entropy, count: int) -> list[int]:
    """Draw 63-bit ids, never 0."""
    drawn = entropy(count * _ID_BYTES)
    numbers = (int.from_bytes(drawn[at : at + _ID_BYTES]) >> 1 for at in range(0, len(drawn), _ID_BYTES))
    return [number or 1 for number in numbers]


def introduce(entropy: Entropy, pseudonyms: list[Pseudonym]) -> tuple[Reference, ...]:
    """Give each of these people an id to be known by."""
    ids = draw_ids(entropy, len(pseudonyms))
    return tuple(Reference(pseudonym=one, id=PersonId(id_)) for one, id_ in zip(pseudonyms, ids, strict=True))
