"""The outbox reaches Kafka at least once, in order for each event, whoever dies in between."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from notifier.dispatch.relay import Publisher, Relay
from notifier.domain.faults import Unavailable
from notifier.kafka.connections import Cluster
from notifier.kafka.producer import ProducerSettings, open_producer
from notifier.postgres.pool import Pool, connection, open_pool
from notifier.postgres.queries import query
from notifier.postgres.relay import StoredOutbox
from tests.kafka_parts import make_topic, read_all


async def owe(pool: Pool, topic: str, shard: int, words: Sequence[str], after: timedelta = timedelta()) -> None:
    """Owe one row, whose key is its shard."""
    keys = [str(shard).encode()] * len(words)
    async with connection(pool) as held:
        await held.execute(query("put_outbox"), shard, topic, keys, [word.encode() for word in words], after)


async def count_owed(pool: Pool) -> int:
    async with connection(pool) as held:
        return await held.fetchval("select count(*) from outbox")


async def values(cluster: Cluster, topic: str, shard: int) -> list[str]:
    """Give what Kafka holds of a shard, in its order."""
    return [one.value.decode() for one in await read_all(cluster, topic, 4) if one.key == str(shard).encode()]


@asynccontextmanager
async def make_relay(cluster: Cluster, pool: Pool, lease: timedelta = timedelta(seconds=8)) -> AsyncIterator[Relay]:
    async with open_producer(ProducerSettings(cluster=cluster)) as producer:
        yield Relay(StoredOutbox(pool), producer, lambda _fact: None, lease)


class Through:
    """Publishes for real and then does what a test wants, as if the process stood still or died there."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self.acknowledged = asyncio.Event()
        self.go_on = asyncio.Event()

    async def publish(self, topic: str, keys: Sequence[bytes], values: Sequence[bytes]) -> None:
        await self._publisher.publish(topic, keys, values)
        self.acknowledged.set()
        await self.go_on.wait()


@pytest.mark.holds("R9", "I12")
async def test_two_relays_side_by_side_publish_everything_once_and_in_order(
    cluster: Cluster, pool: Pool, database: str, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}status", 4)
    stop, wake = asyncio.Event(), asyncio.Event()
    poll = timedelta(milliseconds=20)
    async with open_pool(database) as other, make_relay(cluster, pool) as first, make_relay(cluster, other) as second:
        relaying = [asyncio.create_task(one.run(stop, wake, poll)) for one in (first, second)]
        for number in range(60):
            for shard in range(16):
                await owe(pool, topic, shard, [f"{number}a", f"{number}b"])
        async with asyncio.timeout(20):
            while await count_owed(pool):
                await asyncio.sleep(0.05)
        stop.set()
        await asyncio.gather(*relaying)
    for shard in range(16):
        assert await values(cluster, topic, shard) == [f"{number}{half}" for number in range(60) for half in "ab"]


@pytest.mark.holds("R9", "I3")
async def test_death_between_acknowledgement_and_delete_repeats_but_loses_and_reorders_nothing(
    cluster: Cluster, pool: Pool, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}status", 4)
    await owe(pool, topic, 3, ["1", "2"])
    lease = timedelta(seconds=1)
    async with open_producer(ProducerSettings(cluster=cluster)) as producer, make_relay(cluster, pool, lease) as heir:
        through = Through(producer)
        dying = asyncio.create_task(Relay(StoredOutbox(pool), through, lambda _fact: None, lease).publish_due())
        await asyncio.wait_for(through.acknowledged.wait(), 10)
        dying.cancel()
        await asyncio.wait([dying])
        await owe(pool, topic, 3, ["3"])
        assert await heir.publish_due() == 0
        async with asyncio.timeout(5):
            while not await heir.publish_due():
                await asyncio.sleep(0.05)
    assert await values(cluster, topic, 3) == ["1", "2", "1", "2", "3"]
    assert await count_owed(pool) == 0


@pytest.mark.holds("I8")
async def test_no_connection_is_held_while_kafka_is_waited_for(cluster: Cluster, pool: Pool, topic_prefix: str) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}status", 4)
    await owe(pool, topic, 3, ["1"])
    async with open_producer(ProducerSettings(cluster=cluster)) as producer:
        through = Through(producer)
        relaying = asyncio.create_task(Relay(StoredOutbox(pool), through, lambda _fact: None).publish_due())
        await asyncio.wait_for(through.acknowledged.wait(), 10)
        assert pool.get_idle_size() == pool.get_size()
        through.go_on.set()
        assert await relaying == 1


@pytest.mark.holds("A27", "B3")
async def test_what_is_delayed_waits_for_its_time_and_holds_nothing_up(
    cluster: Cluster, pool: Pool, topic_prefix: str
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}status", 4)
    await owe(pool, topic, 3, ["late"], timedelta(milliseconds=700))
    await owe(pool, topic, 3, ["now"])
    async with make_relay(cluster, pool) as relay:
        assert await relay.publish_due() == 1
        assert await relay.publish_due() == 0
        await asyncio.sleep(0.8)
        assert await relay.publish_due() == 1
    assert await values(cluster, topic, 3) == ["now", "late"]


@pytest.mark.holds("R9")
async def test_the_ledger_wakes_the_relay_before_its_poll(cluster: Cluster, pool: Pool, topic_prefix: str) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}status", 4)
    stop, wake = asyncio.Event(), asyncio.Event()
    async with make_relay(cluster, pool) as relay:
        relaying = asyncio.create_task(relay.run(stop, wake, timedelta(seconds=60)))
        await asyncio.sleep(0.2)
        await owe(pool, topic, 3, ["1"])
        wake.set()
        async with asyncio.timeout(5):
            while await count_owed(pool):
                await asyncio.sleep(0.05)
        stop.set()
        wake.set()
        await asyncio.wait_for(relaying, 5)


@pytest.mark.holds("R9", "I8")
async def test_an_outage_of_kafka_leaves_everything_in_the_outbox(pool: Pool) -> None:
    class Away:
        async def publish(self, topic: str, keys: Sequence[bytes], values: Sequence[bytes]) -> None:
            raise Unavailable("Kafka: away")

    await owe(pool, "status", 3, ["1"])
    facts: list[object] = []
    stop = asyncio.Event()
    relay = Relay(StoredOutbox(pool), Away(), facts.append, timedelta(milliseconds=50))
    relaying = asyncio.create_task(relay.run(stop, asyncio.Event(), timedelta(milliseconds=100)))
    await asyncio.sleep(0.5)
    stop.set()
    await relaying
    assert len(facts) >= 2
    assert await count_owed(pool) == 1
