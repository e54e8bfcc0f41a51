"""What a partitioned reader hands over, and what it never does."""

import asyncio
import itertools
import time
from datetime import timedelta

import pytest
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.record.util import calc_crc32c
from aiokafka.structs import TopicPartition

from notifier.dispatch.batches import Span
from notifier.domain.faults import Misconfigured, Unavailable
from notifier.embedded import KafkaServer
from notifier.kafka import consumer
from notifier.kafka.connections import Cluster
from notifier.kafka.counting import count_records
from notifier.postgres.gate import advance_positions
from notifier.postgres.intake_positions import IntakePositions
from notifier.postgres.pool import Pool, transaction
from tests.kafka.takers import FencedTaker, Shelf, found, reading
from tests.kafka_parts import make_topic, plain_producer, publish_numbers


@pytest.mark.holds("R1", "A6")
async def test_records_of_an_aborted_transaction_are_not_handed_over(
    cluster: Cluster, pool: Pool, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    async with plain_producer(cluster, transactional_id=topic) as producer:
        for words, commit in (([b"one", b"two"], True), ([b"never"], False), ([b"three"], True)):
            await producer.begin_transaction()
            for word in words:
                await producer.send_and_wait(topic, word)
            await (producer.commit_transaction() if commit else producer.abort_transaction())
    await found(pool, topic)
    taker = FencedTaker(pool, Shelf())
    async with reading(cluster, topic, taker):
        await taker.shelf.holds(3)
    assert taker.shelf.values() == [b"one", b"two", b"three"]


@pytest.mark.holds("R1", "A5")
async def test_the_position_moves_over_a_gap_without_records(
    cluster: Cluster, pool: Pool, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifier.kafka.readers._POLL_MS", 200)
    topic = await make_topic(cluster, f"{topic_prefix}events")
    async with plain_producer(cluster, transactional_id=topic) as producer:
        await producer.begin_transaction()
        await producer.send_and_wait(topic, b"never")
        await producer.abort_transaction()
    await found(pool, topic)
    taker = FencedTaker(pool, Shelf())
    async with reading(cluster, topic, taker):
        async with asyncio.timeout(10):
            while await IntakePositions(pool).positions(topic, {0: 0}) != {0: 2}:
                await asyncio.sleep(0.1)
    assert taker.shelf.values() == []


@pytest.mark.holds("R1")
async def test_keys_headers_and_values_arrive_as_the_bytes_they_were(
    cluster: Cluster, pool: Pool, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    headers = [("ce_id", b"\xff\x00"), ("ce_id", b"again"), ("", b""), ("å", None)]
    async with plain_producer(cluster) as producer:
        await producer.send_and_wait(topic, b"\xff\xfe\x00", key=b"\x80", headers=headers, timestamp_ms=0)
        await producer.send_and_wait(topic, None, key=b"")
    await found(pool, topic)
    taker = FencedTaker(pool, Shelf())
    async with reading(cluster, topic, taker):
        await taker.shelf.holds(2)
    first, second = taker.shelf.records[topic, 0]
    assert (first.value, first.key, list(first.headers), first.timestamp_ms) == (b"\xff\xfe\x00", b"\x80", headers, 0)
    assert (second.value, second.key, list(second.headers)) == (None, b"", [])


@pytest.mark.holds("R1", "R7")
async def test_a_header_whose_name_is_no_text_stops_neither_its_record_nor_its_neighbours(
    cluster: Cluster, pool: Pool, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    await publish_numbers(cluster, topic, [0])
    async with plain_producer(cluster) as producer:
        batch = producer.create_batch()
        for word in (b"1", b"2", b"3"):
            batch.append(key=None, value=word, timestamp=None, headers=[("name", word)] if word == b"2" else [])
        batch._buffer = spoil(bytes(batch._build()), b"name", b"n\xffme")
        await (await producer.send_batch(batch, topic, partition=0))
    await publish_numbers(cluster, topic, [4, 5])
    await found(pool, topic)
    taker = FencedTaker(pool, Shelf())
    async with reading(cluster, topic, taker, max_records=2):
        await taker.shelf.holds(6)
    assert taker.shelf.values() == [b"0", b"1", b"2", b"3", b"4", b"5"]
    assert list(taker.shelf.records[topic, 0][2].headers) == [("n\N{REPLACEMENT CHARACTER}me", b"2")]
    assert (await count_records(cluster, topic, {0: (0, 6)}))[0].records == 6


def spoil(batch: bytes, old: bytes, new: bytes) -> bytes:
    """Replace bytes of a batch and make its checksum right again, as a careless client would write it."""
    body = batch[21:].replace(old, new)
    return batch[:17] + calc_crc32c(body).to_bytes(4) + body


@pytest.mark.holds("R1", "R7")
@pytest.mark.parametrize("codec", ["gzip", "lz4", "snappy", "zstd"])
async def test_compressed_records_of_any_client_are_read(
    cluster: Cluster, pool: Pool, topic_prefix: str, codec: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    async with plain_producer(cluster, compression_type=codec) as producer:
        await producer.send_and_wait(topic, b"x" * 1_000)
    await found(pool, topic)
    taker = FencedTaker(pool, Shelf())
    async with reading(cluster, topic, taker):
        await taker.shelf.holds(1)
    assert taker.shelf.values() == [b"x" * 1_000]


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
async def test_a_batch_that_could_not_be_stored_is_tried_again_until_it_is(
    cluster: Cluster, pool: Pool, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    await found(pool, topic)

    class Moody(FencedTaker):
        tries = 0

        async def meet(self) -> None:
            self.tries += 1
            if self.tries < 4:
                raise Unavailable("PostgreSQL: away")

    taker = Moody(pool, Shelf())
    await publish_numbers(cluster, topic, range(10))
    async with reading(cluster, topic, taker):
        await taker.shelf.holds(10)
    assert taker.shelf.values() == [str(number).encode() for number in range(10)]


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


@pytest.mark.holds("A5", "B23")
async def test_a_topic_without_a_position_stops_with_what_to_do(
    cluster: Cluster, pool: Pool, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    async with reading(cluster, topic, FencedTaker(pool, Shelf())) as running:
        with pytest.raises(Misconfigured, match="--from earliest"):
            await asyncio.wait_for(running, 10)


@pytest.mark.holds("A5", "B23")
async def test_records_that_retention_took_before_they_were_read_are_never_guessed(
    cluster: Cluster, pool: Pool, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    await publish_numbers(cluster, topic, range(10))
    await found(pool, topic)
    admin = AIOKafkaAdminClient(bootstrap_servers=cluster.bootstrap)
    await admin.start()
    await admin.delete_records({TopicPartition(topic, 0): RecordsToDelete(7)})
    await admin.close()
    async with reading(cluster, topic, FencedTaker(pool, Shelf())) as running:
        with pytest.raises(Misconfigured, match=r"offsets 0 to 6 .* --from earliest"):
            await asyncio.wait_for(running, 10)


@pytest.mark.holds("A5", "B23")
async def test_a_position_past_the_end_of_the_log_is_never_guessed(
    cluster: Cluster, pool: Pool, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    await publish_numbers(cluster, topic, range(10))
    await IntakePositions(pool).rewind(topic, {0: 4_000})
    async with reading(cluster, topic, FencedTaker(pool, Shelf())) as running:
        with pytest.raises(Misconfigured, match=r"offset 4000, .* --from earliest"):
            await asyncio.wait_for(running, 10)


@pytest.mark.holds("R1")
async def test_a_missing_topic_is_named(cluster: Cluster, pool: Pool, topic_prefix: str) -> None:
    with pytest.raises(Misconfigured, match=f"no topic {topic_prefix}nowhere"):
        async with reading(cluster, f"{topic_prefix}nowhere", FencedTaker(pool, Shelf())):
            pass


@pytest.mark.holds("R1")
async def test_what_the_taker_cannot_bear_ends_the_reading(cluster: Cluster, pool: Pool, topic_prefix: str) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    await found(pool, topic)

    class Broken(FencedTaker):
        async def meet(self) -> None:
            raise Misconfigured("no key")

    await publish_numbers(cluster, topic, range(1))
    async with reading(cluster, topic, Broken(pool, Shelf())) as running:
        with pytest.raises(Misconfigured, match="no key"):
            await asyncio.wait_for(running, 10)


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
