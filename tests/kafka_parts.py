"""One real Kafka per test session, topics of their own per test, and plain clients beside the code under test."""

import asyncio
import itertools
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.record.util import calc_crc32c
from aiokafka.structs import ConsumerRecord

from notifier.embedded import KafkaServer, run_kafka
from notifier.kafka.clusters import TopicPlan, create_topics
from notifier.kafka.connections import Cluster

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
async def kafka_server() -> AsyncIterator[KafkaServer]:
    """Run Kafka for the whole session; it starts with the first test that asks for it."""
    with tempfile.TemporaryDirectory(prefix="notifier-test-") as folder:
        async with run_kafka(Path(folder)) as server:
            yield server


@pytest.fixture
def topic_prefix() -> str:
    """Give a prefix that no other test's topics and groups have."""
    return f"t{next(_numbers)}."


@pytest.fixture
def cluster(kafka_server: KafkaServer) -> Cluster:
    """Give the address of the session's Kafka."""
    return Cluster(bootstrap=kafka_server.bootstrap)


async def make_topic(cluster: Cluster, name: str, partitions: int = 1) -> str:
    """Make a topic that keeps records for a week."""
    await create_topics(cluster, [TopicPlan(name=name, partitions=partitions, retention=timedelta(days=7))])
    return name


@asynccontextmanager
async def plain_producer(cluster: Cluster, **options: object) -> AsyncIterator[AIOKafkaProducer]:
    """Open a producer as a publisher would, beside the code under test."""
    async with AIOKafkaProducer(bootstrap_servers=cluster.bootstrap, **options) as producer:
        yield producer


async def publish_numbers(cluster: Cluster, topic: str, numbers: Sequence[int], partitions: int = 1) -> None:
    """Write each number as a record, to the partition of its remainder."""
    async with plain_producer(cluster, linger_ms=2) as producer:
        sent = [await producer.send(topic, str(number).encode(), partition=number % partitions) for number in numbers]
        await asyncio.wait(sent)


async def read_all(cluster: Cluster, topic: str, partitions: int = 1) -> list[ConsumerRecord]:
    """Read everything committed that the topic holds, in order per partition."""
    every = [TopicPartition(topic, number) for number in range(partitions)]
    client = AIOKafkaConsumer(bootstrap_servers=cluster.bootstrap, isolation_level="read_committed")
    await client.start()
    try:
        client.assign(every)
        await client.seek_to_beginning()
        ends = await client.end_offsets(every)
        found: list[ConsumerRecord] = []
        while any([await client.position(one) < end for one, end in ends.items()]):
            for records in (await client.getmany(timeout_ms=100)).values():
                found.extend(records)
        return found
    finally:
        await client.stop()


async def delete_before(cluster: Cluster, topic: str, offset: int) -> None:
    """Do what retention does."""
    admin = AIOKafkaAdminClient(bootstrap_servers=cluster.bootstrap)
    await admin.start()
    await admin.delete_records({TopicPartition(topic, 0): RecordsToDelete(offset)})
    await admin.close()


async def publish_odd_header(cluster: Cluster, topic: str) -> None:
    """Publish 1, 2 and 3 in one batch; the name of a header of 2 is not UTF-8."""
    async with plain_producer(cluster) as producer:
        batch = producer.create_batch()
        for word in (b"1", b"2", b"3"):
            batch.append(key=None, value=word, timestamp=None, headers=[("name", word)] if word == b"2" else [])
        batch._buffer = _spoil(bytes(batch._build()), b"name", b"n\xffme")
        await (await producer.send_batch(batch, topic, partition=0))


def _spoil(batch: bytes, old: bytes, new: bytes) -> bytes:
    """Replace bytes of a batch and make its checksum right again, as a careless client would write it."""
    body = batch[21:].replace(old, new)
    return batch[:17] + calc_crc32c(body).to_bytes(4) + body
