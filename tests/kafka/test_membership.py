"""Readers that come, go, stand still and struggle lose and double nothing."""

import asyncio
import itertools
import time
from datetime import timedelta

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from notifier.dispatch.batches import Span
from notifier.domain.faults import Misconfigured, Unavailable
from notifier.embedded import KafkaServer
from notifier.kafka import consumer
from notifier.kafka.connections import Cluster
from notifier.postgres.gate import advance_positions
from notifier.postgres.pool import Pool, transaction
from tests.kafka.takers import FencedTaker, Shelf, found, reading
from tests.kafka_parts import make_topic, publish_numbers


@pytest.mark.holds("R1", "I1", "A5")
async def test_two_readers_that_come_and_go_lose_and_double_nothing(
    cluster: Cluster, pool: Pool, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events", 4)
    await found(pool, topic, 4)
    shelf = Shelf()
    first, second = FencedTaker(pool, shelf), FencedTaker(pool, shelf)
    settings = {"session_timeout": timedelta(seconds=6), "max_records": 10}
    async with reading(cluster, topic, first, **settings):
        await publish_numbers(cluster, topic, range(2_000), 4)
        await shelf.holds(100)
        async with reading(cluster, topic, second, **settings):
            async with asyncio.timeout(10):
                for start in itertools.count(2_000, 40):
                    await publish_numbers(cluster, topic, range(start, start + 40), 4)
                    if second.taken > 100:
                        break
        await publish_numbers(cluster, topic, range(start + 40, start + 240), 4)
        await shelf.holds(start + 240)
    assert second.taken > 0
    for partition in range(4):
        values = [record.value for record in shelf.records[topic, partition]]
        assert values == [str(number).encode() for number in range(partition, start + 240, 4)]


@pytest.mark.holds("R1", "I1", "R44")
async def test_kafka_may_restart_in_the_middle(
    kafka_server: KafkaServer, cluster: Cluster, pool: Pool, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events", 2)
    await found(pool, topic, 2)
    taker = FencedTaker(pool, Shelf())
    async with reading(cluster, topic, taker, max_records=20):
        await publish_numbers(cluster, topic, range(400), 2)
        await taker.shelf.holds(40)
        await kafka_server.restart()
        await publish_numbers(cluster, topic, range(400, 800), 2)
        await taker.shelf.holds(800, 30)
    assert sorted(taker.shelf.values()) == sorted(str(number).encode() for number in range(800))


@pytest.mark.holds("R1", "I8")
async def test_a_taker_that_cannot_work_holds_records_back_and_keeps_its_place(
    cluster: Cluster, pool: Pool, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = consumer._options
    monkeypatch.setattr(consumer, "_options", lambda settings: {**chosen(settings), "max_poll_interval_ms": 1_000})
    topic = await make_topic(cluster, f"{topic_prefix}events", 2)
    await found(pool, topic, 2)
    taker = FencedTaker(pool, Shelf())
    taker.open.clear()
    await publish_numbers(cluster, topic, range(200), 2)
    async with reading(cluster, topic, taker, max_records=10, session_timeout=timedelta(seconds=6)):
        await asyncio.sleep(2.5)
        assert taker.shelf.values() == []
        assert await count_members(cluster, f"{topic}-readers") == 1
        taker.open.set()
        await taker.shelf.holds(200)
    assert (taker.assigned, taker.fenced) == (1, 0)


async def count_members(cluster: Cluster, group: str) -> int:
    """Ask Kafka how many it takes for alive in the group."""
    admin = AIOKafkaAdminClient(bootstrap_servers=cluster.bootstrap)
    await admin.start()
    try:
        (answer,) = await admin.describe_consumer_groups([group])
        return len(answer.to_object()["groups"][0]["members"])
    finally:
        await admin.close()


@pytest.mark.holds("R1", "I1")
async def test_stopping_waits_for_the_batch_in_hand_but_not_for_one_that_waits(
    cluster: Cluster, pool: Pool, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    await found(pool, topic)

    class Slow(FencedTaker):
        async def meet(self) -> None:
            begun.set()
            await asyncio.sleep(0.5)

    begun = asyncio.Event()
    taker = Slow(pool, Shelf())
    await publish_numbers(cluster, topic, range(5))
    async with reading(cluster, topic, taker):
        await asyncio.wait_for(begun.wait(), 10)
    assert len(taker.shelf.values()) == 5

    class Never(FencedTaker):
        async def meet(self) -> None:
            tried.set()
            raise Unavailable("PostgreSQL: away")

    tried = asyncio.Event()
    await publish_numbers(cluster, topic, range(5))
    async with reading(cluster, topic, Never(pool, Shelf())):
        await asyncio.wait_for(tried.wait(), 10)
        await asyncio.sleep(0.2)
        stopping = time.monotonic()
    assert time.monotonic() - stopping < 2


@pytest.mark.holds("R1", "I1")
async def test_a_partition_whose_position_was_moved_by_another_is_taken_up_where_it_stands(
    cluster: Cluster, pool: Pool, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifier.kafka.readers.FENCE_PAUSE", timedelta(milliseconds=300))
    topic = await make_topic(cluster, f"{topic_prefix}events")
    await found(pool, topic)
    taker = FencedTaker(pool, Shelf())
    async with reading(cluster, topic, taker):
        await publish_numbers(cluster, topic, range(3))
        await taker.shelf.holds(3)
        async with transaction(pool) as connection:
            assert await advance_positions(connection, [Span(topic=topic, partition=0, expected=3, next_offset=5)])
        await publish_numbers(cluster, topic, range(3, 8))
        await taker.shelf.holds(6)
    assert taker.fenced >= 1
    assert taker.shelf.values() == [b"0", b"1", b"2", b"5", b"6", b"7"]


@pytest.mark.holds("R1")
async def test_two_processes_with_one_instance_id_do_not_struggle_for_ever(
    cluster: Cluster, pool: Pool, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    await found(pool, topic)
    settings = {"instance_id": "one", "session_timeout": timedelta(seconds=6)}
    async with (
        reading(cluster, topic, FencedTaker(pool, Shelf()), **settings) as first,
        reading(cluster, topic, FencedTaker(pool, Shelf()), **settings) as second,
    ):
        ended, _ = await asyncio.wait([first, second], timeout=40, return_when=asyncio.FIRST_COMPLETED)
        assert ended
        with pytest.raises(Misconfigured, match="KAFKA__INSTANCE_ID"):
            await ended.pop()
