"""Fills the house: residents and links through Kafka, devices and regions by the code of `notifier import`."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import msgspec
import orjson
from aiokafka import AIOKafkaProducer

from notifier.app.keyring import make_keyring
from notifier.dispatch.imports import Imported, import_lines
from notifier.dispatch.registrations import Registrations
from notifier.kafka.producer import Producer, ProducerSettings, open_producer
from notifier.postgres.imports import PostgresRegister, put_regions
from notifier.settings import read_keys
from notifier.wire.device_lines import DeviceReader
from notifier.wire.imports import Region, read_region
from tests.bench.measured import Measured, run_notifier
from tests.bench.people import Resident, write_devices, write_links, write_residents
from tests.bench.stage import PREFIX, SCHEMAS, Stage

_CHUNK = 5_000
_BEAT_SECONDS = 30
_LOOK_SECONDS = 0.05
_LEAST_RATE = 1_000
"""Residents a second below which filling is given up."""


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """How fast the projection took residents, and what there is now."""

    residents_per_second: float
    residents: int
    links: int
    devices: int
    peak_mib: float


def read_regions() -> list[Region]:
    """Read the regions of the contract."""
    return [read_region(line) for line in (SCHEMAS / "regions.jsonl").read_bytes().splitlines() if line.strip()]


@asynccontextmanager
async def beating(stage: Stage) -> AsyncIterator[None]:
    """Keep both projections fresh for the block, as their publishers do."""
    async with AIOKafkaProducer(bootstrap_servers=stage.cluster.bootstrap, acks="all") as producer:
        await _beat(producer)
        heart = asyncio.create_task(_beat_on(producer))
        try:
            yield
        finally:
            heart.cancel()


async def fill(stage: Stage, people: Sequence[Resident]) -> Filled:
    """Fill everything; what is timed is the projection of residents, published before notifier starts."""
    await put_regions(stage.pool, read_regions())
    async with open_producer(ProducerSettings(cluster=stage.cluster)) as producer:
        keys, values = write_residents(people)
        await publish(producer, f"{PREFIX}residents", keys, values)
        async with run_notifier(stage, "--from", "earliest") as measured:
            rate = await _time_projection(stage, measured, len(keys))
            keys, values = write_links(people)
            await publish(producer, f"{PREFIX}proxies", keys, values)
            await _await_applied(stage, measured, "proxies", len(keys))
    devices = await _import_devices(stage, people)
    # As autovacuum does in its own time: plans need statistics.
    await stage.pool.execute("vacuum analyze", timeout=300)
    return Filled(
        residents_per_second=rate,
        residents=len(people),
        links=len(keys),
        devices=devices,
        peak_mib=measured.peak_mib,
    )


async def publish(producer: Producer, topic: str, keys: Sequence[bytes], values: Sequence[bytes]) -> None:
    """Publish as fast as Kafka takes it."""
    for at in range(0, len(keys), _CHUNK):
        await producer.publish(topic, keys[at : at + _CHUNK], values[at : at + _CHUNK])


async def _time_projection(stage: Stage, measured: Measured, count: int) -> float:
    """Give residents a second, from the first look that sees some (all: from the start) to the last of all."""
    started = time.perf_counter()
    before = await _await_applied(stage, measured, "residents", 1)
    began = time.perf_counter()
    if before == count:
        return count / (began - started)
    await _await_applied(stage, measured, "residents", count)
    return (count - before) / max(time.perf_counter() - began, _LOOK_SECONDS)


async def _await_applied(stage: Stage, measured: Measured, topic: str, count: int) -> int:
    question = "select coalesce(sum(applied), 0)::bigint from projection_position where topic = $1"
    async with asyncio.timeout(30 + count / _LEAST_RATE):
        while (applied := await stage.pool.fetchval(question, f"{PREFIX}{topic}")) < count:
            measured.require_life()
            await asyncio.sleep(_LOOK_SECONDS)
    return int(applied)


async def _import_devices(stage: Stage, people: Sequence[Resident]) -> int:
    keyring = make_keyring(read_keys(stage.keys))
    register = PostgresRegister(stage.pool, keyring.pseudonymiser.key_id)
    registrations = Registrations(register, keyring.devices, os.urandom)
    done = await import_lines(
        write_devices(people),
        DeviceReader(keyring.pseudonymiser, "se.1177.app"),
        lambda batch: registrations.put_devices(batch, datetime.now(UTC), proven=True),
        lambda _lines: None,
    )
    assert isinstance(done, Imported), done
    return done.lines


async def _beat(producer: AIOKafkaProducer) -> None:
    value = orjson.dumps({"complete_to": datetime.now(UTC)})
    for topic in (f"{PREFIX}residents", f"{PREFIX}proxies"):
        for number in await producer.partitions_for(topic):
            await producer.send_and_wait(topic, value, key=f"heartbeat:{number}".encode(), partition=number)


async def _beat_on(producer: AIOKafkaProducer) -> None:
    while True:
        await asyncio.sleep(_BEAT_SECONDS)
        await _beat(producer)
