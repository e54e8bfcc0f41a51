"""A plan that was made while today's partition was empty must be good when it is full."""

from datetime import UTC, datetime

import pytest

from notifier.postgres.partitions import make_partitions
from notifier.postgres.pool import Pool
from notifier.postgres.queries import query

pytestmark = pytest.mark.holds("R43")
_KEYED = {
    "accept_deliveries": (
        "null::date[], null, null, null, null, null, null, array[current_date]",
        "event = ",
        "delivery",
    ),
    "settle_ended": ("null::date[], null, null, null, null, array[current_date]", "event = ", "delivery"),
    "cancel_deliveries": ("null::date[], null, null, null, array[current_date]", "event = ", "delivery"),
    "end_marked_events": ("null::bytea[], null, null, null, array[current_date]", "matter_key = ", "event"),
}
_TYPES = {
    "accept_deliveries": "date[], bytea[], bigint[], bigint[], integer[], bigint[], timestamptz[], date[]",
    "settle_ended": "date[], bytea[], bigint[], bigint[], integer[], date[]",
    "cancel_deliveries": "date[], bytea[], bigint[], text[], date[]",
    "end_marked_events": "bytea[], text[], timestamptz[], timestamptz, date[]",
}


@pytest.mark.parametrize("name", _KEYED)
@pytest.mark.parametrize("vacuumed", [False, True])
async def test_rows_are_looked_up_by_their_key(pool: Pool, name: str, vacuumed: bool) -> None:
    values, condition, table = _KEYED[name]
    today = datetime.now(UTC).date()
    async with pool.acquire() as connection:
        if vacuumed:
            await connection.execute("vacuum analyze event")
            await connection.execute("vacuum analyze delivery")
            await make_partitions(pool, today)
        await connection.execute(f"prepare keyed ({_TYPES[name]}) as {query(name)}")
        lines = [row[0].strip() for row in await connection.fetch(f"explain execute keyed ({values})")]
    partition = f" on {table}_{today:%Y%m%d} "
    scans = [number for number, line in enumerate(lines) if partition in line and "Scan" in line]
    assert scans, lines
    for number in scans:
        assert "Index Scan" in lines[number] or "Bitmap Heap Scan" in lines[number], lines[number]
        assert any(word in lines[number + 1] for word in (condition, "key = ")), lines[number + 1]


async def test_readers_are_looked_up_by_matter_and_recipient(pool: Pool) -> None:
    """Also when planned while there are few of them."""
    async with pool.acquire() as connection:
        await connection.execute(f"prepare unread (date[], bytea[], bigint[], date[]) as {query('find_unread')}")
        lines = [row[0] for row in await connection.fetch("explain execute unread (null, null, null, '{}')")]
        await connection.execute("deallocate unread")
    assert any("Index Scan using reader_pkey on reader" in line for line in lines), lines


@pytest.mark.parametrize(
    ("name", "types", "values", "index"),
    [
        ("find_abandoned", "interval, date[], integer", "'10 s', array[current_date], 500", "day_event_notice_id_idx"),
        (
            "expire_deliveries",
            "timestamptz, date[], integer",
            "now(), array[current_date], 500",
            "lane_available_at_idx",
        ),
    ],
)
async def test_a_sweeper_reads_what_it_looks_for_and_not_the_day(
    pool: Pool, name: str, types: str, values: str, index: str
) -> None:
    today = datetime.now(UTC).date()
    async with pool.acquire() as connection:
        await connection.execute(f"prepare swept ({types}) as {query(name)}")
        lines = [row[0].strip() for row in await connection.fetch(f"explain execute swept ({values})")]
        await connection.execute("deallocate swept")
    sought = [
        line for line in lines if f" on delivery_{today:%Y%m%d} " in line and "Scan" in line and "_pkey" not in line
    ]
    assert [line.split(" on ")[0] for line in sought] == [f"->  Index Scan using delivery_{today:%Y%m%d}_{index}"]
    assert not [line for line in lines if line.startswith("->  Sort")]


async def test_the_window_of_a_lane_is_found_by_its_key(pool: Pool) -> None:
    """Also when planned while nothing was counted: each recorded batch asks."""
    types = "text[], bigint[], bigint[], timestamptz, timestamptz"
    async with pool.acquire() as connection:
        await connection.execute(f"prepare counted ({types}) as {query('count_answers')}")
        lines = [
            row[0].strip() for row in await connection.fetch("explain execute counted ('{}', '{}', '{}', now(), now())")
        ]
        await connection.execute("deallocate counted")
    scans = [line for line in lines if "Scan" in line and "on answer_minute" in line]
    assert scans, lines
    assert not [line for line in lines if "Seq Scan on answer_minute" in line], lines
