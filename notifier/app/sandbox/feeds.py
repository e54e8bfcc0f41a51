"""The feeds of residents and proxies, as whoever owns them would publish them; one can be made to fall silent."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from notifier.app.house import House
from notifier.app.reach import make_cluster
from notifier.domain.faults import Unavailable
from notifier.kafka.clusters import describe_topics
from notifier.kafka.producer import OutgoingRecord, Producer
from notifier.postgres.surveying import Surveyor
from notifier.sandbox import Link, Person, write_heartbeat, write_link, write_resident

HEARTBEAT_EVERY = timedelta(seconds=5)
FRESH_WITHIN = timedelta(seconds=20)
_LOOK_EVERY = timedelta(milliseconds=50)
_NOTICED_AFTER = timedelta(seconds=1.2)
"""The path reads once a second how fresh the projections are."""


class Feeds:
    """Both compacted topics."""

    def __init__(self, house: House, producer: Producer) -> None:
        self._house, self._producer = house, producer
        self._names = house.topic("residents"), house.topic("proxies")
        self._surveyor = Surveyor(house.pool, *self._names)
        self._beating = asyncio.Event()
        self.proxies_stale = False

    async def publish(self, people: Iterable[Person], links: Iterable[Link]) -> None:
        """Publish everybody and who is guardian of whom."""
        residents, proxies = self._names
        await self._publish(residents, [write_resident(person) for person in people])
        await self._publish(proxies, [write_link(link) for link in links])

    async def beat(self) -> None:
        """Say again and again that the feeds are complete (B21), until cancelled."""
        cluster = make_cluster(self._house.settings, self._house.places.bootstrap)
        topics = await describe_topics(cluster, self._names)
        while True:
            self._beating.clear()
            for name in self._names[: 1 if self.proxies_stale else 2]:
                beats = [self._heartbeat(number) for number in sorted(topics[name].ends)]
                await self._producer.publish_records(name, beats)
            await _wait_for(self._beating, HEARTBEAT_EVERY)

    async def refresh(self) -> None:
        """Beat at once, and return when everybody sees it; Unavailable if nobody does."""
        since = self._house.clocks.now()
        self._beating.set()
        try:
            async with asyncio.timeout(FRESH_WITHIN.total_seconds()):
                await self._await_fresh(since)
        except TimeoutError:
            raise Unavailable("notifier: does not follow the feeds") from None

    async def _await_fresh(self, since: datetime) -> None:
        while not await self._is_fresh(since):  # noqa: ASYNC110 - another process reads the feeds
            await asyncio.sleep(_LOOK_EVERY.total_seconds())
        await asyncio.sleep(_NOTICED_AFTER.total_seconds())

    async def _is_fresh(self, since: datetime) -> bool:
        known = (await self._surveyor.survey()).freshness
        ends = [known.residents_complete_to, *([] if self.proxies_stale else [known.proxies_complete_to])]
        return all(end is not None and end >= since for end in ends)

    async def _publish(self, topic: str, pairs: Sequence[tuple[bytes, bytes]]) -> None:
        await self._producer.publish_records(topic, [OutgoingRecord(key=key, value=value) for key, value in pairs])

    def _heartbeat(self, partition: int) -> OutgoingRecord:
        key, value = write_heartbeat(partition, self._house.clocks.now())
        return OutgoingRecord(key=key, value=value, partition=partition)


async def _wait_for(event: asyncio.Event, within: timedelta) -> None:
    try:
        async with asyncio.timeout(within.total_seconds()):
            await event.wait()
    except TimeoutError:
        return
