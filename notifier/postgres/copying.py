"""Appending rows to tables by COPY, and its fields in binary (the manual of PostgreSQL: COPY, Binary Format).

They are packed here because the path writes sixty fields an event: asyncpg asks each value what it is, 0.3 to 0.9 us
a field measured; a row packed here costs less than half. What is written seldom is left to asyncpg.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from struct import Struct

from notifier.postgres.pool import Connection

NULL = b"\xff\xff\xff\xff"
DAY, LONG, KEY, FLAG = "ii", "iq", "i16s", "i?"
"""A field in a `row_struct`, behind its length; an instant is a LONG of `microseconds`."""

_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_FIRST_DAY = date(2000, 1, 1)
_FIRST_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)
_SIZED_LONG = Struct("!iq")
_SIZED_INT = Struct("!ii")
_SIZE = Struct("!i")
_INTERVAL = Struct("!iqii")


def row_struct(*fields: str) -> Struct:
    """Give what packs the beginning of a row: the count of all its fields, then these with their lengths."""
    return Struct("!h" + "".join(fields))


def field_struct(*fields: str) -> Struct:
    """Give what packs these fields with their lengths."""
    return Struct("!" + "".join(fields))


def days(day: date) -> int:
    """Count days since 2000, as a date is stored."""
    return (day - _FIRST_DAY).days


def microseconds(instant: datetime) -> int:
    """Count microseconds since 2000, as a timestamptz is stored."""
    since = instant - _FIRST_INSTANT
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def instant_field(instant: datetime | None) -> bytes:
    """Write a timestamptz or null."""
    return NULL if instant is None else _SIZED_LONG.pack(8, microseconds(instant))


def int_field(number: int) -> bytes:
    """Write an integer."""
    return _SIZED_INT.pack(4, number)


def interval_field(length: timedelta) -> bytes:
    """Write an interval."""
    return _INTERVAL.pack(16, length.seconds * 1_000_000 + length.microseconds, length.days, 0)


def bytes_field(raw: bytes | None) -> bytes:
    """Write a bytea or null."""
    return NULL if raw is None else _SIZE.pack(len(raw)) + raw


def text_field(text: str) -> bytes:
    """Write a text."""
    raw = text.encode()
    return _SIZE.pack(len(raw)) + raw


@lru_cache(maxsize=4096)
def word_field(word: str | None) -> bytes:
    """Write a text out of a closed list, or null; written once, then remembered."""
    return NULL if word is None else text_field(word)


async def copy_packed(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[bytes]) -> None:
    """Append packed rows to a table; nothing is said to the server where there are none.

    asyncpg takes a buffer, though its types do not say so; bytes it would take for a path.
    """
    packed = b"".join(rows)
    if packed:
        whole = memoryview(_HEAD + packed + _END)
        await connection.copy_to_table(
            table,
            source=whole,  # type: ignore[arg-type]
            columns=columns,
            format="binary",
        )


async def copy_rows(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    """Append rows of values to a table; nothing is said to the server where there are none."""
    records = list(rows)
    if records:
        await connection.copy_records_to_table(table, records=records, columns=columns)
