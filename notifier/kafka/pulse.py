"""Whether the cluster answers at all: what `/readyz` says of Kafka (R42). A reader that waits notices nothing."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from notifier.kafka.connections import Cluster, unavailability
from notifier.kafka.counting import open_loner

EVERY = timedelta(seconds=5)


async def follow_pulse(cluster: Cluster, beat: Callable[[], None]) -> None:
    """Tell every few seconds that the cluster answers; Unavailable once it does not."""
    async with open_loner(cluster) as client:
        while True:
            with unavailability():
                async with asyncio.timeout(EVERY.total_seconds()):
                    await client.topics()
            beat()
            await asyncio.sleep(EVERY.total_seconds())
