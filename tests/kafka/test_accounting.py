"""The account closes to the last record against a count of the topic that shares nothing with our books (I12, A6)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from notifier.dispatch.accounting import Account, draw_account
from notifier.kafka.connections import Cluster
from notifier.kafka.counting import count_records
from notifier.postgres.accounting import StoredBooks, total_deliveries
from notifier.postgres.intake_positions import IntakePositions
from notifier.postgres.pool import Pool, connection
from tests.kafka.takers import CountingTaker, Shelf, found, reading
from tests.kafka_parts import delete_before, make_topic, plain_producer, publish_numbers

TODAY = datetime.now(UTC).date()


async def read_all_of(cluster: Cluster, topic: str, pool: Pool, records: int) -> None:
    taker = CountingTaker(pool, Shelf())
    async with reading(cluster, topic, taker):
        await taker.shelf.holds(records)


async def draw(cluster: Cluster, pool: Pool) -> Account:
    return await draw_account(StoredBooks(pool), partial(count_records, cluster))


async def plan(pool: Pool, day: date, planned: int, states: Mapping[str, int]) -> None:
    """Write what an opening counts, and rows in these states."""
    rows = [state for state, count in states.items() for _ in range(count)]
    async with connection(pool) as held:
        await held.execute("insert into delivery_total values ($1, 'planned', $2)", day, planned)
        await held.execute(
            """insert into delivery (day, event, notice, id, recipient, device, lane, loudness, text_key, collapse_id,
                                     expires_at, state, handed, available_at)
               select $1, '\\x01', 1, number, 1, 1, 'lane', 'sound', 'own', '\\x02', now(), state, true, now()
                 from unnest($2::text[]) with ordinality as one (state, number)""",
            day,
            rows,
        )


@pytest.mark.holds("I12", "A6")
async def test_the_account_closes_over_committed_aborted_and_unread_records(
    cluster: Cluster, pool: Pool, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events", 2)
    await found(pool, topic, 2)
    await publish_numbers(cluster, topic, range(11), 2)
    async with plain_producer(cluster, transactional_id=topic) as producer:
        await producer.begin_transaction()
        await producer.send_and_wait(topic, b"never", partition=0)
        await producer.abort_transaction()
    await publish_numbers(cluster, topic, range(4), 2)
    await read_all_of(cluster, topic, pool, 15)
    await publish_numbers(cluster, topic, range(6), 2)
    for _ in range(2):
        account = await draw(cluster, pool)
        assert (account.exact, account.differences) == (True, [])
        assert [(one.ours.records, one.counted) for one in account.partitions] == [(8, 8), (7, 7)]
        assert [one.ours.first for one in account.partitions] == [0, 0]


@pytest.mark.holds("I12", "A6")
async def test_a_record_that_our_books_miss_is_said_in_words(cluster: Cluster, pool: Pool, topic_prefix: str) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    await found(pool, topic)
    await publish_numbers(cluster, topic, range(5))
    await read_all_of(cluster, topic, pool, 5)
    async with connection(pool) as held:
        await held.execute("update intake_total set records = 4")
    account = await draw(cluster, pool)
    assert not account.exact
    assert account.differences == [
        f"{topic}[0]: 4 records were read, 5 have a fate",
        f"{topic}[0]: 4 records were read, the topic held 5",
    ]


@pytest.mark.holds("I12", "A5", "A6")
async def test_reading_a_topic_again_from_its_start_is_counted_again_on_both_sides(
    cluster: Cluster, pool: Pool, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    await found(pool, topic)
    await publish_numbers(cluster, topic, range(5))
    await read_all_of(cluster, topic, pool, 5)
    await publish_numbers(cluster, topic, range(2))
    await IntakePositions(pool).rewind(topic, {0: 0})
    await read_all_of(cluster, topic, pool, 7)
    account = await draw(cluster, pool)
    assert (account.exact, account.partitions[0].ours.records, account.partitions[0].counted) == (True, 12, 12)


@pytest.mark.holds("I12", "B45")
async def test_a_count_outlives_the_records_that_retention_takes(
    cluster: Cluster, pool: Pool, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    await found(pool, topic)
    await publish_numbers(cluster, topic, range(6))
    await read_all_of(cluster, topic, pool, 6)
    assert (await draw(cluster, pool)).exact
    await publish_numbers(cluster, topic, range(4))
    await read_all_of(cluster, topic, pool, 4)
    await delete_before(cluster, topic, 6)
    account = await draw(cluster, pool)
    assert (account.exact, account.partitions[0].counted) == (True, 10)
    await publish_numbers(cluster, topic, range(4))
    await read_all_of(cluster, topic, pool, 4)
    await delete_before(cluster, topic, 12)
    account = await draw(cluster, pool)
    assert f"{topic}[0]: offsets 10 to 11 left the topic before they were counted" in account.differences


@pytest.mark.holds("I12", "B45")
async def test_planned_deliveries_are_those_with_a_state_also_after_their_rows_are_gone(
    cluster: Cluster, pool: Pool
) -> None:
    yesterday = TODAY - timedelta(days=1)
    await plan(pool, yesterday, 5, {"done": 3, "failed": 2})
    await plan(pool, TODAY, 3, {"waiting": 1, "done": 2})
    account = await draw(cluster, pool)
    assert (account.exact, account.planned, account.deliveries) == (True, 8, {"done": 5, "failed": 2, "waiting": 1})
    async with connection(pool) as held:
        await total_deliveries(held, [yesterday])
        assert (await draw(cluster, pool)).exact
        await held.execute("delete from delivery where day = $1", yesterday)
    assert await draw(cluster, pool) == account
    async with connection(pool) as held:
        await held.execute("delete from delivery where day = $1 and state = 'waiting'", TODAY)
    assert (await draw(cluster, pool)).differences == [f"{TODAY}: 3 deliveries were planned, 2 have a state"]


@pytest.mark.holds("I12", "A6")
async def test_replays_are_a_line_of_their_own(cluster: Cluster, pool: Pool) -> None:
    async with connection(pool) as held:
        await held.execute(
            """insert into dead_letter (day, topic, partition, record_offset, reason, replayed_as, replayed_at,
                                        created_at)
               select current_date, 'e', 0, number, 'not_json', fate, now(), now()
                 from unnest(array['opened', 'opened', 'dead']) with ordinality as one (fate, number)"""
        )
    account = await draw(cluster, pool)
    assert (account.exact, account.replayed, account.replays) == (True, 3, {"dead": 1, "opened": 2})
