"""Waiting until nothing is left to do, and what an account must then say."""

import asyncio
from datetime import datetime
from functools import partial

import msgspec
import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from notifier.dispatch.accounting import Account, draw_account
from notifier.kafka.counting import count_records
from notifier.postgres.accounting import StoredBooks
from notifier.postgres.pool import open_pool
from tests.kafka_parts import read_all
from tests.whole.trial import Trial

_LOOK_SECONDS = 0.1
_LEFT = """
select (select count(*) from delivery where state = 'waiting') as waiting,
       (select count(*) from event where held_reason is not null and ended_as is null) as held,
       (select count(*) from outbox where publish_at <= clock_timestamp()) as outbox,
       (select count(*) from quiet_push where available_at < clock_timestamp() + interval '1 minute') as quiet
"""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """One record that told a publisher."""

    source: str
    id: str
    seq: int
    state: str
    reason: str | None
    at: datetime
    offset: int = -1
    """In its partition."""


async def settle(trial: Trial, within: float = 45.0, held: int = 0) -> None:
    """Return when every record was read, every push sent, and everybody told; `held` events may go on waiting."""
    ends = await _read_ends(trial)
    found: dict[str, object] = {}
    try:
        async with asyncio.timeout(within):
            while found.get("behind") != 0 or any(found[name] for name in ("waiting", "outbox", "quiet")):
                await asyncio.sleep(_LOOK_SECONDS)
                found = dict((await trial.fetch(_LEFT))[0])
                found["behind"] = await _count_behind(trial, ends)
                found["waiting"] = int(str(found["waiting"])) + max(int(str(found["held"])) - held, 0)
    except TimeoutError:
        states = [service.alive and await service.readiness() for service in trial.services]
        raise AssertionError(f"not settled within {within} s: {found}, {states}; {trial.services[-1].tail()}") from None


async def read_account(trial: Trial) -> Account:
    """Draw the account as `notifier account` does."""
    async with open_pool(trial.dsn, "trial") as pool:
        count = partial(count_records, trial.stage.cluster)
        return await draw_account(StoredBooks(pool), count)


async def read_statuses(trial: Trial) -> dict[str, list[Status]]:
    """Give what publishers were told, by the id of the event, in order."""
    told: dict[str, list[Status]] = {}
    for record in await read_all(trial.stage.cluster, trial.topic("status"), 4):
        status = msgspec.convert(orjson.loads(record.value) | {"offset": record.offset}, Status)
        told.setdefault(status.id, []).append(status)
    return told


async def _read_ends(trial: Trial) -> dict[int, int]:
    topic = trial.topic("events")
    async with AIOKafkaConsumer(bootstrap_servers=trial.stage.kafka.bootstrap) as client:
        ends = await client.end_offsets([TopicPartition(topic, number) for number in range(6)])
    return {partition.partition: end for partition, end in ends.items()}


async def _count_behind(trial: Trial, ends: dict[int, int]) -> int:
    question = "select partition, next_offset from intake_position where topic = $1"
    rows = {row["partition"]: row["next_offset"] for row in await trial.fetch(question, trial.topic("events"))}
    return sum(end - rows.get(number, 0) for number, end in ends.items())
