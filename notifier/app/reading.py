"""The topics that a process reads, and the one it writes."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import msgspec

from notifier.app.feeds import build_feeds
from notifier.app.house import House
from notifier.app.marked import MarkedOutbox, MarkedPublisher, MarkedTaker
from notifier.app.path import Path
from notifier.app.tasks import Work
from notifier.dispatch.intake_port import RecordTaker
from notifier.dispatch.relay import Relay
from notifier.kafka.connections import Cluster
from notifier.kafka.consumer import ConsumerSettings, open_consumer
from notifier.kafka.producer import ProducerSettings, open_producer
from notifier.postgres.intake_positions import IntakePositions
from notifier.postgres.relay import StoredOutbox
from notifier.wire.records import RawRecord

_EVENTS_AT_ONCE = 500
_PEOPLE_AT_ONCE = 2000


class Taker(msgspec.Struct, frozen=True, kw_only=True):
    """Takes the records of event topics: positions from PostgreSQL, records through the path."""

    positions_of: IntakePositions
    path: Path

    async def positions(self, topic: str, starts: Mapping[int, int]) -> Mapping[int, int]:
        """Give where each partition is to be read from."""
        return await self.positions_of.positions(topic, starts)

    async def handle(
        self, topic: str, partition: int, expected: int, next_offset: int, records: Sequence[RawRecord]
    ) -> bool:
        """Take records through the path."""
        return await self.path.intake.handle(topic, partition, expected, next_offset, records)


def readers(
    house: House, path: Path, cluster: Cluster, stop: asyncio.Event, reach: Callable[[str], None]
) -> list[Work]:
    """Give what reads events, residents and proxies until `stop`."""
    events = Taker(positions_of=IntakePositions(house.pool), path=path)
    feeds = {topic: MarkedTaker(taker=feed, reach=reach) for topic, feed in build_feeds(house, cluster).items()}
    takers: list[tuple[str, RecordTaker, int]] = [(house.topic("events"), events, _EVENTS_AT_ONCE)]
    takers += [(topic, feed, _PEOPLE_AT_ONCE) for topic, feed in feeds.items()]
    return [_read(house, cluster, topic, taker, most, stop) for topic, taker, most in takers]


async def _read(house: House, cluster: Cluster, topic: str, taker: RecordTaker, most: int, stop: asyncio.Event) -> None:
    """Read a topic as a member of the group; a place lost for good is taken anew."""
    patience = house.patience(f"kafka {topic}")
    settings = ConsumerSettings(
        cluster=cluster,
        group=f"{house.settings.kafka.group}.{topic}",
        topics=(topic,),
        instance_id=house.settings.kafka.instance_id,
        session_timeout=house.settings.kafka.session_timeout,
        max_records=most,
    )

    async def read() -> None:
        async with open_consumer(settings, taker, patience) as consumer:
            await consumer.run(stop)

    while not stop.is_set():
        await patience.insist(read)


async def relay(house: House, cluster: Cluster, reach: Callable[[str], None]) -> None:
    """Publish what is owed to Kafka until cancelled; a producer that cannot connect is opened anew."""

    async def publish() -> None:
        async with open_producer(ProducerSettings(cluster=cluster)) as producer:
            publisher = MarkedPublisher(publisher=producer, reach=reach)
            outbox = MarkedOutbox(outbox=StoredOutbox(house.pool), reach=reach)
            await Relay(outbox, publisher, house.observe).run(asyncio.Event(), asyncio.Event())

    await house.patience("relay").insist(publish)
