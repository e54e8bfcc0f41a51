"""What a partitioned reader hands over, and what it never does."""

import asyncio

import pytest

from notifier.domain.faults import Misconfigured, Unavailable
from notifier.kafka.connections import Cluster
from notifier.kafka.counting import count_records
from notifier.postgres.intake_positions import IntakePositions
from notifier.postgres.pool import Pool
from tests.kafka.takers import FencedTaker, Shelf, found, reading
from tests.kafka_parts import make_topic, plain_producer, publish_numbers, publish_odd_header


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
    await publish_odd_header(cluster, topic)
    await publish_numbers(cluster, topic, [4, 5])
    await found(pool, topic)
    taker = FencedTaker(pool, Shelf())
    async with reading(cluster, topic, taker, max_records=2):
        await taker.shelf.holds(6)
    assert taker.shelf.values() == [b"0", b"1", b"2", b"3", b"4", b"5"]
    assert list(taker.shelf.records[topic, 0][2].headers) == [("n\N{REPLACEMENT CHARACTER}me", b"2")]
    assert (await count_records(cluster, topic, {0: (0, 6)}))[0].records == 6


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
