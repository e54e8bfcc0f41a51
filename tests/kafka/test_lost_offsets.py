"""Offsets that are lost are never guessed: the process stops and says what to do (A5)."""

import asyncio

import pytest

from notifier.domain.faults import Misconfigured
from notifier.kafka.connections import Cluster
from notifier.postgres.intake_positions import IntakePositions
from notifier.postgres.pool import Pool
from tests.kafka.takers import FencedTaker, Shelf, found, reading
from tests.kafka_parts import delete_before, make_topic, publish_numbers


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
    await delete_before(cluster, topic, 7)
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
