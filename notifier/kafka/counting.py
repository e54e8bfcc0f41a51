"""The independent count of a topic: what a reader of committed records finds between two offsets (A6, I12)."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

from aiokafka import AIOKafkaConsumer, TopicPartition

from notifier.dispatch.accounting import Counted
from notifier.domain.faults import Unavailable
from notifier.kafka.connections import Cluster, unavailability
from notifier.kafka.leniency import REFUSALS, leniency

_STILL_SECONDS = 20
"""A count that does not move for so long is given up."""
_POLL_MS = 1_000


async def count_records(cluster: Cluster, topic: str, ranges: Mapping[int, tuple[int, int]]) -> Mapping[int, Counted]:
    """Count the records of each partition in [first, end): records, not offsets; what the log lost is not counted.

    Raises Unavailable where the end of a range cannot be reached.
    """
    async with open_loner(cluster) as client:
        with unavailability():
            starts = await read_starts(client, topic, ranges)
            spans = {number: (max(first, starts[number]), end) for number, (first, end) in ranges.items()}
            try:
                counts = await _count(client, topic, spans)
            except REFUSALS:
                with leniency():
                    counts = await _count(client, topic, spans)
    return {number: Counted(records=counts[number], first=first) for number, (first, _) in spans.items()}


async def _count(client: AIOKafkaConsumer, topic: str, spans: Mapping[int, tuple[int, int]]) -> Mapping[int, int]:
    counts = dict.fromkeys(spans, 0)
    pending = {TopicPartition(topic, number): end for number, (first, end) in spans.items() if first < end}
    client.assign(list(pending))
    for partition in pending:
        client.seek(partition, spans[partition.partition][0])
    await _read_through(client, pending, counts)
    return counts


async def _read_through(client: AIOKafkaConsumer, pending: dict[TopicPartition, int], counts: dict[int, int]) -> None:
    clock = asyncio.get_running_loop().time
    moved_at_seconds = clock()
    stands: dict[TopicPartition, int] = {}
    while pending:
        batches = await client.getmany(*pending, timeout_ms=_POLL_MS)
        for partition, records in batches.items():
            counts[partition.partition] += sum(record.offset < pending[partition] for record in records)
        stood, stands = stands, {partition: await client.position(partition) for partition in pending}
        for partition, position in stands.items():
            if position >= pending[partition]:
                del pending[partition]
                client.pause(partition)
        if stands != stood:
            moved_at_seconds = clock()
        elif clock() - moved_at_seconds > _STILL_SECONDS:
            raise Unavailable("Kafka: the topic could not be counted to its end")


async def read_starts(client: AIOKafkaConsumer, topic: str, partitions: Mapping[int, object]) -> dict[int, int]:
    """Give the first offset that the log still has, per partition."""
    wanted = [TopicPartition(topic, number) for number in partitions]
    starts = await client.beginning_offsets(wanted) if wanted else {}
    return {partition.partition: start for partition, start in starts.items()}


@asynccontextmanager
async def open_loner(cluster: Cluster) -> AsyncIterator[AIOKafkaConsumer]:
    """Open a reader of committed records that belongs to no group."""
    client = AIOKafkaConsumer(
        **cluster.options(), isolation_level="read_committed", enable_auto_commit=False, auto_offset_reset="none"
    )
    try:
        with unavailability():
            async with asyncio.timeout(timedelta(seconds=30).total_seconds()):
                await client.start()
        yield client
    finally:
        await client.stop()
