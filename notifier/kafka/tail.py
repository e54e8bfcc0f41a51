"""The newest records of topics and each that comes after them, for whoever watches; belongs to no group."""

from collections.abc import Callable, Mapping, Sequence

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from notifier.kafka.clusters import describe_topics
from notifier.kafka.connections import Cluster, unavailability
from notifier.kafka.counting import open_loner
from notifier.kafka.leniency import REFUSALS, leniency
from notifier.kafka.records import as_raw
from notifier.wire.records import RawRecord

_POLL_MS = 500
_MOST_AT_ONCE = 2_000


class Tail:
    """Follows topics; after an outage it goes on where it stood."""

    def __init__(self, cluster: Cluster, newest: Mapping[str, int]) -> None:
        self._cluster = cluster
        self._newest = newest
        """How many records of each partition are read from before the start, by topic."""
        self._positions: dict[TopicPartition, int] = {}

    async def follow(self, take: Callable[[Sequence[RawRecord]], None]) -> None:
        """Hand over records in order per partition until cancelled; raises Unavailable when Kafka is away."""
        topics = await describe_topics(self._cluster, list(self._newest))
        starts = {
            TopicPartition(name, number): max(topic.starts[number], end - self._newest[name])
            for name, topic in topics.items()
            for number, end in topic.ends.items()
        }
        self._positions = starts | self._positions
        async with open_loner(self._cluster) as client:
            with unavailability():
                client.assign(list(self._positions))
                for partition, position in self._positions.items():
                    client.seek(partition, position)
                while True:
                    await self._poll(client, take)

    async def _poll(self, client: AIOKafkaConsumer, take: Callable[[Sequence[RawRecord]], None]) -> None:
        batches = await self._fetch(client)
        for partition, records in batches.items():
            take([as_raw(record) for record in records])
            self._positions[partition] = records[-1].offset + 1

    async def _fetch(self, client: AIOKafkaConsumer) -> Mapping[TopicPartition, Sequence[ConsumerRecord]]:
        """Fetch; what aiokafka refuses is fetched again and read leniently."""
        batches: Mapping[TopicPartition, Sequence[ConsumerRecord]]
        try:
            batches = await client.getmany(timeout_ms=_POLL_MS, max_records=_MOST_AT_ONCE)
        except REFUSALS:
            for partition, position in self._positions.items():
                client.seek(partition, position)
            with leniency():
                batches = await client.getmany(timeout_ms=_POLL_MS, max_records=_MOST_AT_ONCE)
        return batches
