"""Rows of readers of fresh matters: by COPY, for a matter that nobody knew has none (see `forget_matters`)."""

from collections.abc import Iterable
from datetime import date

from notifier.domain.identifiers import MatterKey
from notifier.domain.matters import Reader
from notifier.domain.plans import NoticeRef
from notifier.postgres.copying import (
    DAY,
    FLAG,
    KEY,
    LONG,
    NULL,
    bytes_field,
    copy_packed,
    days,
    field_struct,
    instant_field,
    row_struct,
)
from notifier.postgres.pool import Connection

_TABLE = (
    *("matter", "recipient", "about", "counted", "touched_on", "read_at", "newest_at", "collapse_id"),
    *("notice_day", "notice_event", "notice"),
)
_READER = row_struct(KEY, LONG, LONG, FLAG, DAY)
_SHOWN = field_struct(DAY, KEY, LONG)
_NOTHING_SHOWN = NULL * 3


async def insert_readers(connection: Connection, rows: Iterable[tuple[MatterKey, Reader]], day: date) -> None:
    """Write one row per recipient of matters that this transaction inserted."""
    today = days(day)
    await copy_packed(connection, "reader", _TABLE, (_reader_row(key, reader, today) for key, reader in rows))


def _reader_row(key: MatterKey, reader: Reader, today: int) -> bytes:
    beginning = _READER.pack(11, 16, key, 8, reader.recipient, 8, reader.about, 1, reader.counted, 4, today)
    times = instant_field(reader.read_at) + instant_field(reader.newest_at)
    return beginning + times + bytes_field(reader.collapse_id) + _shown_fields(reader.shown)


def _shown_fields(shown: NoticeRef | None) -> bytes:
    if shown is None:
        return _NOTHING_SHOWN
    return _SHOWN.pack(4, days(shown.day), 16, shown.event, 8, shown.notice)
