"""Rows packed here are read back by PostgreSQL as what they were; its own decoder is the judge."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifier.postgres.copying import (
    DAY,
    FLAG,
    KEY,
    LONG,
    bytes_field,
    copy_packed,
    days,
    instant_field,
    int_field,
    interval_field,
    microseconds,
    row_struct,
    text_field,
    word_field,
)
from notifier.postgres.pool import Pool

pytestmark = pytest.mark.holds("I1")
_COLUMNS = ("day", "key", "number", "flag", "at", "length", "small", "words", "word", "raw", "maybe_at", "maybe_word")
_ROW = row_struct(DAY, KEY, LONG, FLAG, LONG)
_INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC))
_TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
_ROWS = st.tuples(
    st.dates(date(1900, 1, 1)),
    st.binary(min_size=16, max_size=16),
    st.integers(-(2**63), 2**63 - 1),
    st.booleans(),
    _INSTANTS,
    st.timedeltas(timedelta(), timedelta(days=500)),
    st.integers(-(2**31), 2**31 - 1),
    _TEXTS,
    _TEXTS,
    st.none() | st.binary(max_size=300),
    st.none() | _INSTANTS,
    st.none() | _TEXTS,
)


def _pack(row: tuple[object, ...]) -> bytes:
    day, key, number, flag, at, length, small, words, word, raw, maybe_at, maybe_word = row
    beginning = _ROW.pack(12, 4, days(day), 16, key, 8, number, 1, flag, 8, microseconds(at))  # type: ignore[arg-type]
    return b"".join((
        beginning,
        interval_field(length),  # type: ignore[arg-type]
        int_field(small),  # type: ignore[arg-type]
        text_field(words),  # type: ignore[arg-type]
        word_field(word),  # type: ignore[arg-type]
        bytes_field(raw),  # type: ignore[arg-type]
        instant_field(maybe_at),  # type: ignore[arg-type]
        word_field(maybe_word),  # type: ignore[arg-type]
    ))  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(_ROWS, max_size=5))
async def test_what_is_packed_is_read_back(pool: Pool, rows: list[tuple[object, ...]]) -> None:
    async with pool.acquire() as connection:
        await connection.execute(
            "create temp table packed (row serial, day date, key bytea, number bigint, flag boolean, at timestamptz, "
            "length interval, small integer, words text, word text, raw bytea, maybe_at timestamptz, maybe_word text)"
        )
        await copy_packed(connection, "packed", _COLUMNS, map(_pack, rows))
        found = await connection.fetch(f"select {', '.join(_COLUMNS)} from packed order by row")
        await connection.execute("drop table packed")
    assert [tuple(row) for row in found] == rows
