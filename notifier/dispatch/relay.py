"""From the outbox to Kafka: at least once, and in order for each event (DESIGN 5)."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Protocol

import msgspec

from notifier.dispatch.facts import Relayed, Waited
from notifier.domain.faults import Unavailable

POLL = timedelta(milliseconds=500)
"""How long what another process wrote, or what was delayed, may lie unseen."""


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the outbox: messages of one topic, in order."""

    shard: int
    id: int
    topic: str
    keys: Sequence[bytes]
    values: Sequence[bytes]


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """Shards that are ours for one publication, and what is due in them."""

    shards: Sequence[int]
    parcels: Sequence[Parcel]


class Outbox(Protocol):
    """What is owed to Kafka."""

    async def claim(self, within: timedelta) -> Errand:
        """Take the shards that have something due and no publisher; ours until settled, or for so long."""

    async def settle(self, errand: Errand) -> None:
        """Forget what was acknowledged and give the shards back."""


class Publisher(Protocol):
    """Kafka's side."""

    async def publish(self, topic: str, keys: Sequence[bytes], values: Sequence[bytes]) -> None:
        """Publish in order per key; returns when all are acknowledged, raises Unavailable when some may not be."""


class Relay:
    """Publishes what is due, a round at a time; two side by side share the shards.

    A round that fails or dies leaves its messages in the outbox: they are published again, in the same order.
    """

    def __init__(
        self,
        outbox: Outbox,
        publisher: Publisher,
        observe: Callable[[Relayed | Waited], None],
        lease: timedelta = timedelta(seconds=8),
    ) -> None:
        self._outbox = outbox
        self._publisher = publisher
        self._observe = observe
        self._lease = lease

    async def run(self, stop: asyncio.Event, wake: asyncio.Event, poll: timedelta = POLL) -> None:
        """Publish until `stop`; `wake` says that this process has just written something due."""
        while not stop.is_set():
            wake.clear()
            if not await self._attempt(poll):
                with suppress(TimeoutError):
                    async with asyncio.timeout(poll.total_seconds()):
                        await wake.wait()

    async def publish_due(self) -> int:
        """Publish one round and give how many messages were acknowledged; zero when nothing was due."""
        errand = await self._outbox.claim(self._lease)
        if not errand.shards:
            return 0
        try:
            async with asyncio.timeout((self._lease * 0.75).total_seconds()):
                await self._publish(errand.parcels)
        except TimeoutError:
            raise Unavailable("Kafka: a publication would have outlasted its lease") from None
        await self._outbox.settle(errand)
        return sum(len(parcel.keys) for parcel in errand.parcels)

    async def _publish(self, parcels: Sequence[Parcel]) -> None:
        for topic in dict.fromkeys(parcel.topic for parcel in parcels):
            own = [parcel for parcel in parcels if parcel.topic == topic]
            keys = [key for parcel in own for key in parcel.keys]
            await self._publisher.publish(topic, keys, [value for parcel in own for value in parcel.values])

    async def _attempt(self, pause: timedelta) -> bool:
        try:
            messages = await self.publish_due()
        except Unavailable as fault:
            self._observe(Waited(part="relay", fault=str(fault), pause=pause))
            return False
        if messages:
            self._observe(Relayed(messages=messages))
        return messages > 0
