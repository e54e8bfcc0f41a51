"""Hashes that name events and matters and that tell a copy from a reuse (DESIGN 3, A4, A27)."""

import hashlib
from collections.abc import Mapping

import orjson

from notifier.domain.identifiers import EventKey, MatterKey, Pseudonym

_BYTES = 16


def event_key(source: str, id: str) -> EventKey:
    """Give sha256(source NUL id)[:16]; neither holds a NUL, so no two pairs share their bytes."""
    return EventKey(_hash_pair(source, id)[:_BYTES])


def matter_key(source: str, matter: str) -> MatterKey:
    """Give sha256(source NUL matter)[:16]."""
    return MatterKey(_hash_pair(source, matter)[:_BYTES])


def status_key(source: str, id: str) -> bytes:
    """Give the record key of a status: sha256(source NUL id), 32 bytes (A27)."""
    return _hash_pair(source, id)


def digest(type_name: str, subject: Pseudonym, data: Mapping[str, object]) -> bytes:
    """Give SHA-256[:16] of {type, subject, data} with sorted keys (A4); 1 and 1.0 differ.

    The subject enters by its pseudonym: a digest over the number itself could be searched for it without the key.
    """
    content = {"data": data, "subject": subject.hex(), "type": type_name}
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()[:_BYTES]


def _hash_pair(source: str, name: str) -> bytes:
    return hashlib.sha256(f"{source}\0{name}".encode()).digest()
