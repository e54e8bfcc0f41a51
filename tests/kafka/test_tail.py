"""Who watches topics sees the newest records and each that comes, whatever they hold, and goes on after an outage."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import pytest

from notifier.kafka.connections import Cluster
from notifier.kafka.tail import Tail
from notifier.wire.records import RawRecord
from tests.kafka_parts import make_topic, publish_numbers, publish_odd_header


class Seen:
    """What was handed over."""

    def __init__(self) -> None:
        self.values: list[bytes | None] = []

    def take(self, records: Sequence[RawRecord]) -> None:
        self.values += [record.value for record in records]

    async def until(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.values) < count:
                await asyncio.sleep(0.02)


@asynccontextmanager
async def following(tail: Tail, take: Callable[[Sequence[RawRecord]], None]) -> AsyncIterator[None]:
    task = asyncio.create_task(tail.follow(take))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.mark.holds("R45", "R1")
async def test_it_begins_with_the_newest_and_goes_on_with_what_comes(cluster: Cluster, topic_prefix: str) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    await publish_numbers(cluster, topic, range(10))
    seen = Seen()
    async with following(Tail(cluster, {topic: 3}), seen.take):
        await seen.until(3)
        await publish_numbers(cluster, topic, [10])
        await seen.until(4)
    assert seen.values == [b"7", b"8", b"9", b"10"]


@pytest.mark.holds("R45", "R1")
async def test_a_header_whose_name_is_no_text_hides_nothing(cluster: Cluster, topic_prefix: str) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    await publish_numbers(cluster, topic, [0])
    await publish_odd_header(cluster, topic)
    await publish_numbers(cluster, topic, [4])
    seen = Seen()
    async with following(Tail(cluster, {topic: 100}), seen.take):
        await seen.until(5)
    assert seen.values == [b"0", b"1", b"2", b"3", b"4"]


@pytest.mark.holds("R45")
async def test_who_follows_again_goes_on_where_it_stood(cluster: Cluster, topic_prefix: str) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    tail, seen = Tail(cluster, {topic: 100}), Seen()
    await publish_numbers(cluster, topic, [0, 1])
    async with following(tail, seen.take):
        await seen.until(2)
    await publish_numbers(cluster, topic, [2])
    async with following(tail, seen.take):
        await seen.until(3)
    assert seen.values == [b"0", b"1", b"2"]
