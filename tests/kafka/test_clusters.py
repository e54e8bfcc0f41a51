"""What the cluster's topics are, and whether they may be used."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from notifier.kafka.clusters import Topic, create_topics, describe_topics, plan_topics
from notifier.kafka.connections import Cluster
from notifier.kafka.counting import count_records
from notifier.kafka.retention import judge_topics
from tests.kafka_parts import make_topic, plain_producer, publish_numbers


def topic(name: str, retention: timedelta | None, compacted: bool = False, most_bytes: int = 1_048_588) -> Topic:
    return Topic(name=name, starts={}, ends={}, retention=retention, compacted=compacted, most_bytes=most_bytes)


@pytest.mark.holds("R43", "A3")
async def test_the_embedded_topics_are_made_once_as_the_design_names_them(cluster: Cluster, topic_prefix: str) -> None:
    for _ in range(2):
        await create_topics(cluster, plan_topics(topic_prefix))
    names = ("events", "residents", "proxies", "status", "settings", "dead-letters")
    found = await describe_topics(cluster, [f"{topic_prefix}{name}" for name in (*names, "nothing")])
    assert {name: (len(one.starts), one.compacted) for name, one in found.items()} == {
        f"{topic_prefix}events": (6, False),
        f"{topic_prefix}residents": (4, True),
        f"{topic_prefix}proxies": (4, True),
        f"{topic_prefix}status": (4, False),
        f"{topic_prefix}settings": (4, True),
        f"{topic_prefix}dead-letters": (1, False),
    }
    assert found[f"{topic_prefix}events"].retention == timedelta(days=7)
    compacted = [f"{topic_prefix}residents", f"{topic_prefix}proxies"]
    assert judge_topics(found, [f"{topic_prefix}events"], compacted) == []


@pytest.mark.holds("A3", "B23")
@pytest.mark.parametrize(
    ("retention", "compacted", "most_bytes", "words"),
    [
        (timedelta(days=14), False, 1 << 20, []),
        (timedelta(days=15), False, 1 << 20, ["15 days", "retention.ms"]),
        (None, False, 1 << 20, ["for ever", "retention.ms"]),
        (timedelta(days=7), True, 1 << 20, ["cleanup.policy"]),
        (timedelta(days=7), False, 256 << 10, ["max.message.bytes"]),
        (timedelta(days=7), False, 64 << 20, ["max.message.bytes"]),
    ],
)
def test_a_topic_of_events_that_may_not_be_used_says_why(
    retention: timedelta | None, compacted: bool, most_bytes: int, words: Sequence[str]
) -> None:
    faults = judge_topics({"e": topic("e", retention, compacted, most_bytes)}, ["e"], [])
    assert len(faults) == bool(words)
    assert all(word in faults[0] for word in words)


@pytest.mark.holds("A3")
def test_all_faults_are_said_at_once() -> None:
    topics = {"e": topic("e", None), "r": topic("r", timedelta(days=7))}
    assert len(judge_topics(topics, ["e", "gone"], ["r"])) == 3


@pytest.mark.holds("R7", "A3")
async def test_a_topic_that_keeps_too_long_is_seen_as_it_is(cluster: Cluster, topic_prefix: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=cluster.bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(f"{topic_prefix}e", 1, 1, topic_configs={"retention.ms": "-1"})])
    while f"{topic_prefix}e" not in await admin.list_topics():
        await asyncio.sleep(0.05)
    await admin.close()
    found = await describe_topics(cluster, [f"{topic_prefix}e"])
    assert found[f"{topic_prefix}e"].retention is None


@pytest.mark.holds("I12", "A6")
async def test_the_independent_count_counts_committed_records_and_not_offsets(
    cluster: Cluster, topic_prefix: str
) -> None:
    name = await make_topic(cluster, f"{topic_prefix}events", 2)
    await publish_numbers(cluster, name, range(10), 2)
    async with plain_producer(cluster, transactional_id=name) as producer:
        for commit in (True, False, True):
            await producer.begin_transaction()
            for _ in range(3):
                await producer.send_and_wait(name, b"x", partition=0)
            await (producer.commit_transaction() if commit else producer.abort_transaction())
    ends = (await describe_topics(cluster, [name]))[name].ends
    assert ends == {0: 5 + 12, 1: 5}
    counted = await count_records(cluster, name, {number: (0, end) for number, end in ends.items()})
    assert {number: (one.records, one.first) for number, one in counted.items()} == {0: (5 + 6, 0), 1: (5, 0)}
    part = await count_records(cluster, name, {0: (2, 6), 1: (5, 5)})
    assert {number: one.records for number, one in part.items()} == {0: 4, 1: 0}
