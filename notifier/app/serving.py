"""`notifier run`: every role of a process, from its start to a clean end."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from functools import partial

import msgspec

from notifier.app import duties
from notifier.app.crashes import make_reach
from notifier.app.feeds import build_feeds
from notifier.app.house import House, open_house
from notifier.app.lanes import open_transports
from notifier.app.path import Path, build_path
from notifier.app.places import open_places
from notifier.app.reach import make_cluster
from notifier.app.topics import prepare_topics
from notifier.dispatch.intake_port import RecordTaker
from notifier.dispatch.link_endings import end_lapsed
from notifier.dispatch.relay import Relay
from notifier.domain.faults import Misconfigured
from notifier.http import serve_internal
from notifier.kafka.connections import Cluster
from notifier.kafka.consumer import ConsumerSettings, open_consumer
from notifier.kafka.producer import Producer, ProducerSettings, open_producer
from notifier.postgres.intake_positions import IntakePositions
from notifier.postgres.relay import StoredOutbox
from notifier.postgres.shares import PostgresShares
from notifier.settings import Settings
from notifier.wire.records import RawRecord

ROLES = ("dispatch", "upkeep")
"""The roles that exist; fallback, api and broadcast come with their issues."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How this process is to run."""

    roles: tuple[str, ...] = ROLES
    from_earliest: bool = False


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


async def run(settings: Settings, options: Options, ready: Callable[[House], None] = lambda _house: None) -> None:
    """Run until SIGTERM or SIGINT, then drain; raises Misconfigured where the process must not run."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        places = await stack.enter_async_context(open_places(settings))
        house = await stack.enter_async_context(open_house(settings, places))
        await serve(house, options, stop, ready)


async def serve(house: House, options: Options, stop: asyncio.Event, ready: Callable[[House], None]) -> None:
    """Run the roles in an open house until `stop`."""
    cluster = make_cluster(house.settings, house.places.bootstrap)
    await prepare_topics(house, cluster, from_earliest=options.from_earliest)
    async with open_transports(house) as transports:
        reach = make_reach(house.settings.test.die_at)
        path = build_path(house, transports, reach)
        readiness = {"partitions": partial(_ask_partitions, house), "projections": partial(_ask_projections, path)}
        http = house.settings.http
        async with serve_internal(
            http.internal_host, http.internal_port, parts=readiness, metrics=house.telemetry.render,
            notes=lambda: {"halts": [msgspec.to_builtins(halt) for halt in path.outlooks.halts]},
        ):  # fmt: skip
            async with running(house, path, cluster, options, stop, reach):
                ready(house)
                await stop.wait()


@asynccontextmanager
async def running(
    house: House, path: Path, cluster: Cluster, options: Options, stop: asyncio.Event, reach: Callable[[str], None]
) -> AsyncIterator[None]:
    """Run for the block; at its end intake stops first, then lanes, then what must be stored, within the drain time."""
    background = [
        *_start_upkeep(house, path, options),
        *_start_feeding(house, path, options),
        asyncio.create_task(_relay(house, cluster, reach)),
    ]
    readers = _start_readers(house, path, cluster, options, stop)
    workers = [asyncio.create_task(path.fleet.run()), asyncio.create_task(path.recorder.run())]
    watch = asyncio.create_task(_watch([*background, *readers, *workers], stop))
    try:
        yield
    finally:
        stop.set()
        await _drain(path, readers, background, workers, house.settings.sender.drain)
        await watch


async def _drain(
    path: Path,
    readers: list[asyncio.Task[None]],
    background: list[asyncio.Task[None]],
    workers: list[asyncio.Task[None]],
    within: timedelta,
) -> None:
    """Let what is in hand end: batches, then attempts, then their settlements."""
    with suppress(TimeoutError):
        async with asyncio.timeout(within.total_seconds()):
            await asyncio.wait(readers) if readers else None
            await _cancel(background)
            await path.fleet.close()
            await asyncio.wait([workers[0]])
            path.recorder.close()
            await asyncio.wait([workers[1]])
    await _cancel([*readers, *background, *workers])


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _watch(tasks: list[asyncio.Task[None]], stop: asyncio.Event) -> None:
    """End the process when a part of it ends by itself, and say with what."""
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    stop.set()
    for task in done - {stopping}:
        if not task.cancelled() and (fault := task.exception()) is not None:
            raise fault


def _start_readers(
    house: House, path: Path, cluster: Cluster, options: Options, stop: asyncio.Event
) -> list[asyncio.Task[None]]:
    if "dispatch" not in options.roles:
        return []
    feeds = build_feeds(house, cluster)
    events = Taker(positions_of=IntakePositions(house.pool), path=path)
    takers: list[tuple[str, RecordTaker]] = [(house.topic("events"), events), *feeds.items()]
    return [asyncio.create_task(_read(house, cluster, topic, taker, stop)) for topic, taker in takers]


async def _read(house: House, cluster: Cluster, topic: str, taker: RecordTaker, stop: asyncio.Event) -> None:
    """Read a topic as a member of the group; a place lost for good is taken anew."""
    patience = house.patience(f"kafka {topic}")
    settings = ConsumerSettings(
        cluster=cluster,
        group=f"{house.settings.kafka.group}.{topic}",
        topics=(topic,),
        instance_id=house.settings.kafka.instance_id,
        max_records=500 if topic.endswith("events") else 2000,
    )

    async def read() -> None:
        async with open_consumer(settings, taker, patience) as consumer:
            await consumer.run(stop)

    while not stop.is_set():
        await patience.insist(read)


async def _relay(house: House, cluster: Cluster, reach: Callable[[str], None]) -> None:
    """Publish what is owed to Kafka until cancelled; a producer that cannot connect is opened anew."""
    patience = house.patience("relay")

    async def publish() -> None:
        async with open_producer(ProducerSettings(cluster=cluster)) as producer:
            relay = Relay(StoredOutbox(house.pool), DyingPublisher(publisher=producer, reach=reach), house.observe)
            await relay.run(asyncio.Event(), asyncio.Event())

    await patience.insist(publish)


class DyingPublisher(msgspec.Struct, frozen=True, kw_only=True):
    """Publishes, with the crash points around it."""

    publisher: Producer
    reach: Callable[[str], None]

    async def publish(self, topic: str, keys: Sequence[bytes], values: Sequence[bytes]) -> None:
        """Publish in order per key."""
        self.reach("relay.before_publish")
        await self.publisher.publish(topic, keys, values)
        self.reach("relay.after_publish")


def _ask_partitions(_house: House) -> str | None:
    return None


def _ask_projections(path: Path) -> str | None:
    return None


def _start_feeding(house: House, path: Path, options: Options) -> list[asyncio.Task[None]]:
    if "dispatch" not in options.roles:
        return []
    work = [path.feeder.run(), path.rejudger.run(), *(one.run() for one in path.quiet)]
    second = timedelta(seconds=1)
    work += [
        duties.every(second, partial(duties.obey_halts, house, path), house, "halts"),
        duties.every(second, partial(duties.hear_tightenings, house, path), house, "tidings"),
    ]
    return [asyncio.create_task(one) for one in work]


def _start_upkeep(house: House, path: Path, options: Options) -> list[asyncio.Task[None]]:
    if "upkeep" not in options.roles:
        return []
    ages = min(entry.proxy_max_age for entry in house.contract.catalogue.types.values())
    shares = PostgresShares(house.pool)
    work: list[tuple[int, Callable[[], Awaitable[object]], str]] = [
        (2, partial(duties.end_what_is_due, house, path), "endings"),
        (20, lambda: end_lapsed(shares, ages, house.clocks.now()), "links"),
        (5, partial(duties.read_gauges, house, path), "gauges"),
        (3600, partial(duties.keep_partitions, house), "partitions"),
        (600, partial(duties.forget, house), "forgetting"),
    ]
    return [
        asyncio.create_task(duties.every(timedelta(seconds=seconds), duty, house, part)) for seconds, duty, part in work
    ]
