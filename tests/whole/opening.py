"""Opening a trial: its database, topics, people and devices."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import aiokafka

from notifier.dispatch.imports import Imported, import_lines
from notifier.dispatch.registrations import Registrations
from notifier.kafka.clusters import create_topics, plan_topics
from notifier.postgres.imports import PostgresRegister, put_regions
from notifier.postgres.pool import open_pool
from notifier.wire.device_lines import DeviceReader
from notifier.wire.imports import read_region
from tests.whole.people import Person, write_devices, write_link, write_region, write_resident
from tests.whole.stage import Stage
from tests.whole.trial import Trial


@asynccontextmanager
async def open_trial(
    stage: Stage, name: str, people: Sequence[Person], *, beating: bool = True
) -> AsyncIterator[Trial]:
    """Make everything for one test; its processes are gone after the block."""
    async with AsyncExitStack() as stack:
        dsn = await stack.enter_async_context(stage.databases.fresh())
        trial = Trial(stage, dsn, f"{name}.", stage.folder, people)
        await create_topics(stage.cluster, plan_topics(trial.prefix))
        trial.producer = aiokafka.AIOKafkaProducer(
            bootstrap_servers=stage.kafka.bootstrap, acks="all", enable_idempotence=True, linger_ms=2
        )
        await stack.enter_async_context(trial.producer)
        await _fill(trial, beating=beating)
        if beating:
            heart = asyncio.create_task(trial.beat_on())
            stack.callback(heart.cancel)
        try:
            yield trial
        finally:
            for service in trial.services:
                await service.kill()


async def _fill(trial: Trial, *, beating: bool) -> None:
    """Publish all people, complete or not, and import their devices."""
    people = [(trial.topic("residents"), one.number, write_resident(one)) for one in trial.people]
    links = [
        (trial.topic("proxies"), f"{child.number}:{guardian}", write_link(child))
        for child in trial.children
        for guardian in child.guardians
    ]
    await asyncio.gather(
        *[await trial.producer.send(topic, value, key.encode()) for topic, key, value in (*people, *links)]
    )
    if beating:
        await trial.beat()
    async with open_pool(trial.dsn, "trial") as pool:
        await put_regions(pool, [read_region(write_region())])
        register = PostgresRegister(pool, trial.keyring.pseudonymiser.key_id)
        registrations = Registrations(register, trial.keyring.devices, os.urandom)
        done = await import_lines(
            write_devices(list(trial.people)),
            DeviceReader(trial.keyring.pseudonymiser, "se.1177.app"),
            lambda batch: registrations.put_devices(batch, datetime.now(UTC), proven=True),
            lambda _lines: None,
        )
        assert isinstance(done, Imported), done
