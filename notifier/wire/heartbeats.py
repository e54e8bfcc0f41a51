"""Heartbeats of the compacted topics: up to when a partition is complete (B21)."""

import re
from datetime import datetime

import msgspec

from notifier.domain.faults import Poison
from notifier.domain.reasons import DeadLetterReason
from notifier.wire.envelopes import parse_json
from notifier.wire.records import RawRecord
from notifier.wire.times import parse_past

_PREFIX = b"heartbeat:"
_PARTITION = re.compile(rb"0|[1-9][0-9]{0,8}")
_LEVELS = 4


class Heartbeat(msgspec.Struct, frozen=True, kw_only=True):
    """A partition is complete up to an instant, which is never ahead of our clock: a fast one must not hide a stop."""

    partition: int
    complete_to: datetime


def is_heartbeat(record: RawRecord) -> bool:
    """Say by its key whether a record of a compacted topic is a heartbeat."""
    return record.key is not None and record.key.startswith(_PREFIX)


def decode_heartbeat(record: RawRecord, now: datetime) -> Heartbeat:
    """Read a heartbeat, or raise Poison; it must stand in the partition that it speaks of, else it proves nothing."""
    if not _PARTITION.fullmatch(key := (record.key or b"")[len(_PREFIX) :]) or int(key) != record.partition:
        raise Poison(DeadLetterReason.SCHEMA_VIOLATED, "/key")
    if not record.value:
        raise Poison(DeadLetterReason.EMPTY)
    value = parse_json(record.value, _LEVELS)
    complete_to = value.get("complete_to") if isinstance(value, dict) else None
    if not isinstance(complete_to, str):
        raise Poison(DeadLetterReason.SCHEMA_VIOLATED, "/complete_to")
    return Heartbeat(partition=record.partition, complete_to=min(now, parse_past(complete_to, "/complete_to", now)))
