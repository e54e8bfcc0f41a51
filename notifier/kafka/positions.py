"""Where assigned partitions are to be read from, as those who own the positions say."""

from collections.abc import Iterable, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

from notifier.dispatch.intake_port import RecordTaker
from notifier.dispatch.patience import Patience
from notifier.kafka.connections import unavailability


async def find_positions(
    consumer: AIOKafkaConsumer, taker: RecordTaker, patience: Patience, partitions: Iterable[TopicPartition]
) -> dict[TopicPartition, int]:
    """Ask the log where it starts and the taker where it stands, until both answer."""
    wanted = sorted(partitions)

    async def ask() -> dict[TopicPartition, int]:
        with unavailability():
            starts = await consumer.beginning_offsets(wanted)
        return await _ask_taker(taker, starts)

    return await patience.insist(ask)


async def _ask_taker(taker: RecordTaker, starts: Mapping[TopicPartition, int]) -> dict[TopicPartition, int]:
    found = {}
    for topic in sorted({partition.topic for partition in starts}):
        own = {partition.partition: start for partition, start in starts.items() if partition.topic == topic}
        for number, position in (await taker.positions(topic, own)).items():
            found[TopicPartition(topic, number)] = position
    return found
