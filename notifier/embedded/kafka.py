"""The real Apache Kafka 4 as a child of ours, with its data in the state folder."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from signal import SIGTERM, Signals

from notifier.embedded.broker import (
    READY,
    START_LIMIT,
    Broker,
    broker_program,
    format_data,
    make_broker,
)
from notifier.embedded.children import Child, start_until
from notifier.embedded.jars import cache_folder, fetch_jars, read_pins
from notifier.embedded.jvm import Java, find_java, prefer_archive
from notifier.embedded.ports import HOST
from notifier.embedded.progress import Progress, Relay, say_nothing
from notifier.embedded.training import train

STOP_LIMIT = timedelta(seconds=15)


class KafkaServer:
    """A running broker; 127.0.0.1 only, no password."""

    def __init__(self, java: Java, broker: Broker, child: Child) -> None:
        self._java = java
        self._broker = broker
        self._child = child
        self._restarting = False

    @property
    def bootstrap(self) -> str:
        """Where clients connect."""
        return f"{HOST}:{self._broker.port}"

    @property
    def pid(self) -> int:
        """The number of the broker's process."""
        return self._child.pid

    def require(self) -> None:
        """Raise Misconfigured, with its last words, if it ended by itself."""
        if not self._restarting:
            self._child.require()

    async def restart(self, signal: Signals = SIGTERM) -> None:
        """Stop it with the signal (SIGKILL for a crash) and start it again on the same port and data."""
        self._restarting = True
        try:
            await self.stop(signal)
            self._child = await _start(self._java, self._broker)
        finally:
            self._restarting = False

    async def stop(self, signal: Signals = SIGTERM) -> None:
        """Stop it; after SIGTERM Java ends with 143, which is clean."""
        await self._child.stop(signal, STOP_LIMIT)


@asynccontextmanager
async def run_kafka(
    state: Path, *, port: int | None = None, progress: Progress = say_nothing
) -> AsyncIterator[KafkaServer]:
    """Run Kafka on `state`/kafka for the block; Misconfigured says why it cannot run.

    The first run on a machine downloads 44 MB and trains Java (15 to 25 s) and says to `progress` how far it is.
    """
    broker = make_broker(state / "kafka", port)
    java = await prepare_kafka(progress)
    await prefer_archive(java, lambda options: format_data(java, broker, options))
    server = KafkaServer(java, broker, await _start(java, broker))
    try:
        yield server
    finally:
        await server.stop()


async def prepare_kafka(progress: Progress = say_nothing) -> Java:
    """Do what is done once per machine: download the jars, make Java's ahead-of-time cache.

    `progress` is called in the event loop's thread, and not at all when nothing is left to do.
    """
    relay = Relay(progress)
    try:
        java = find_java(await asyncio.to_thread(fetch_jars, read_pins(), cache_folder(), relay))
    finally:
        # A thread cannot be cancelled: what it says next ends it.
        relay.end()
    await train(java, progress)
    return java


async def _start(java: Java, broker: Broker) -> Child:
    def attempt(options: Sequence[str]) -> Awaitable[Child]:
        return start_until(broker_program(java, broker, options), READY, START_LIMIT)

    return await prefer_archive(java, attempt)
