"""The topic of a story: what was published, as a reader of partitions gets it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from notifier.domain.events import Event, Mark
from notifier.domain.reasons import DeadLetterReason
from notifier.wire.records import DeadLetter, Decoded, RawRecord, Read, position_of

TOPIC = "1177.events"
PARTITIONS = 3
Item = Event | Mark | None
"""None is a record that cannot be read."""


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """One record in the topic."""

    offset: int
    item: Item
    at: datetime


def fetch(log: Sequence[Published], partition: int, position: int, most: int) -> list[RawRecord]:
    """Give the next records of a partition; the value says where its item stands in the log."""
    return [
        RawRecord(
            topic=TOPIC,
            partition=partition,
            offset=one.offset,
            key=None,
            headers=(),
            value=str(number).encode(),
            timestamp_ms=int(one.at.timestamp() * 1000),
        )
        for number, one in enumerate(log)
        if one.offset >= position
    ][:most]


def decode(partitions: Sequence[Sequence[Published]], records: Sequence[RawRecord]) -> Decoded:
    """Read what `fetch` gave."""
    reads, letters = [], []
    for record in records:
        item = partitions[record.partition][int(record.value or b"")].item
        if item is None:
            reason = DeadLetterReason.NOT_JSON
            letters.append(
                DeadLetter(position=position_of(record), reason=reason, field=None, source=None, id=None, raw=b"")
            )
        else:
            at = partitions[record.partition][int(record.value or b"")].at
            reads.append(Read(position=position_of(record), item=item, appended_at=at))
    return Decoded(reads=tuple(reads), letters=tuple(letters))
