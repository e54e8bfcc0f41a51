"""Publishing: every message acknowledged, in order per key, and never waiting for ever."""

import asyncio
import os
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from signal import SIGCONT, SIGSTOP

import pytest
from aiokafka.errors import OutOfOrderSequenceNumber

from notifier.domain.faults import Unavailable
from notifier.embedded import KafkaServer
from notifier.kafka.connections import Cluster
from notifier.kafka.producer import OutgoingRecord, Producer, ProducerSettings, open_producer
from tests.kafka_parts import make_topic, read_all


@pytest.mark.holds("R9")
async def test_messages_of_one_key_keep_their_order(cluster: Cluster, topic_prefix: str) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}status", 4)
    keys = [str(number % 7).encode() for number in range(3_000)]
    values = [f"{number} {'x' * 200}".encode() for number in range(3_000)]
    async with open_producer(ProducerSettings(cluster=cluster)) as producer:
        await producer.publish(topic, keys[:2_000], values[:2_000])
        await producer.publish(topic, keys[2_000:], values[2_000:])
    found = await read_all(cluster, topic, 4)
    assert len(found) == 3_000
    for key in set(keys):
        assert [record.value for record in found if record.key == key] == values[int(key) :: 7]
        assert len({record.partition for record in found if record.key == key}) == 1


@pytest.mark.holds("R1")
async def test_records_go_out_with_their_headers_and_without_a_key(cluster: Cluster, topic_prefix: str) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events", 2)
    records = [OutgoingRecord(value=b"{}", headers=[("ce_id", b"1")]), OutgoingRecord(value=b"\xff" * 200_000)]
    async with open_producer(ProducerSettings(cluster=cluster)) as producer:
        await producer.publish_records(topic, records)
    found = {record.value: record for record in await read_all(cluster, topic, 2)}
    assert (found[b"{}"].key, found[b"{}"].headers) == (None, (("ce_id", b"1"),))
    assert found[b"\xff" * 200_000].headers == ()


@pytest.mark.holds("R9", "I8")
async def test_an_outage_is_said_in_time_and_published_over_when_it_ends(
    kafka_server: KafkaServer, cluster: Cluster, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}status")
    async with open_producer(ProducerSettings(cluster=cluster, within=timedelta(seconds=2))) as producer:
        await insist(producer, topic, [b"before"])
        await freeze(kafka_server.pid)
        try:
            for _ in range(2):
                began = time.monotonic()
                with pytest.raises(Unavailable):
                    await producer.publish(topic, [b"k", b"k"], [b"one", b"two"])
                assert time.monotonic() - began < 5
        finally:
            os.kill(kafka_server.pid, SIGCONT)
        await insist(producer, topic, [b"one", b"two"])
    found = [record.value for record in await read_all(cluster, topic) if record.value != b"before"]
    copies = len(found) // 2
    assert copies >= 2
    assert found == [b"one", b"two"] * copies


async def freeze(pid: int) -> None:
    """Stop a process and wait until each of its threads stands: the signal alone leaves them a moment to answer."""
    os.kill(pid, SIGSTOP)
    async with asyncio.timeout(10):
        while any(_state_of(thread) != "T" for thread in Path(f"/proc/{pid}/task").iterdir()):
            await asyncio.sleep(0.01)


def _state_of(thread: Path) -> str:
    return (thread / "stat").read_text().rpartition(")")[2].split()[0]


async def insist(producer: Producer, topic: str, values: list[bytes]) -> None:
    """Publish under one key until Kafka has acknowledged it."""
    async with asyncio.timeout(30):
        while True:
            with suppress(Unavailable):
                return await producer.publish(topic, [b"k"] * len(values), values)


@pytest.mark.holds("R9")
async def test_a_client_that_failed_for_good_is_replaced(cluster: Cluster, topic_prefix: str) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}status")
    async with open_producer(ProducerSettings(cluster=cluster)) as producer:
        producer._client._message_accumulator.fail_all(OutOfOrderSequenceNumber())
        with pytest.raises(Unavailable):
            await producer.publish(topic, [b"k"], [b"one"])
        await producer.publish(topic, [b"k"], [b"one"])
    assert [record.value for record in await read_all(cluster, topic)] == [b"one"]


@pytest.mark.holds("R9")
async def test_a_cluster_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        async with open_producer(ProducerSettings(cluster=Cluster(bootstrap="127.0.0.1:9"))):
            pass
