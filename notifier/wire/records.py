"""What comes out of Kafka and what becomes of it, with where it stood."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from notifier.domain.events import Event, Mark
from notifier.domain.faults import Poison
from notifier.domain.reasons import DeadLetterReason
from notifier.wire.numbers import hidden_in

_LAST_MS = 4_102_444_800_000
"""2100-01-01: a producer may write any number as its timestamp."""


class RawRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One record as Kafka gave it; its text may hold identity numbers and is never shown."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    value: bytes | None
    timestamp_ms: int

    def __repr__(self) -> str:
        return f"RawRecord({self.topic}[{self.partition}]@{self.offset})"


class Position(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a record stands."""

    topic: str
    partition: int
    offset: int


class Read(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A record that says something."""

    position: Position
    item: Event | Mark
    appended_at: datetime
    """Kafka's timestamp; the reading's own instant where that is none."""


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A record that can never work; `raw` holds it whole for the sealed table (B24)."""

    position: Position
    reason: DeadLetterReason
    field: str | None
    source: str | None
    """With `id`, only where both pass the scan for identity numbers (A2)."""
    id: str | None
    raw: bytes

    def __repr__(self) -> str:
        return f"DeadLetter({self.position!r}, {self.reason.value})"


class Decoded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One poll, in its order: each record is in exactly one of the two."""

    reads: tuple[Read, ...]
    letters: tuple[DeadLetter, ...]


def position_of(record: RawRecord) -> Position:
    """Give where the record stands."""
    return Position(topic=record.topic, partition=record.partition, offset=record.offset)


def appended_at(record: RawRecord, now: datetime) -> datetime:
    """Give Kafka's instant of the record, or `now` where the producer wrote none that can be."""
    if not 0 <= record.timestamp_ms < _LAST_MS:
        return now
    return datetime.fromtimestamp(record.timestamp_ms / 1000, UTC)


def bury(record: RawRecord, poison: Poison, source: str | None = None, id: str | None = None) -> DeadLetter:
    """Make the dead letter of a record; a field name that hides a number is left out."""
    field = None if poison.field is None or hidden_in(poison.field) else poison.field
    return DeadLetter(
        position=position_of(record), reason=poison.reason, field=field, source=source, id=id, raw=pack(record)
    )


def pack(record: RawRecord) -> bytes:
    """Write a whole record as bytes, to be sealed."""
    return msgspec.msgpack.encode(record)


def unpack(raw: bytes) -> RawRecord:
    """Read back what `pack` wrote, for replay."""
    return msgspec.msgpack.decode(raw, type=RawRecord)
