"""The topics of a cluster: what they are, whether they may be used, and making them for the embedded Kafka."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

from notifier.kafka.connections import Cluster, unavailability
from notifier.kafka.counting import open_loner

_CONNECT_LIMIT_SECONDS = 30
_PAUSE_SECONDS = 0.05
_SETTINGS = ("retention.ms", "max.message.bytes", "cleanup.policy")


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """A topic as the cluster has it; offsets by partition, ends as a reader of committed records sees them."""

    name: str
    starts: Mapping[int, int]
    ends: Mapping[int, int]
    retention: timedelta | None
    """None keeps for ever."""
    compacted: bool
    most_bytes: int
    """Of one batch of records."""


class TopicPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A topic to make; without retention it is compacted."""

    name: str
    partitions: int
    retention: timedelta | None


def plan_topics(prefix: str) -> tuple[TopicPlan, ...]:
    """Give the topics of DESIGN 8 for the embedded Kafka."""
    week = timedelta(days=7)
    return (
        TopicPlan(name=f"{prefix}events", partitions=6, retention=week),
        TopicPlan(name=f"{prefix}residents", partitions=4, retention=None),
        TopicPlan(name=f"{prefix}proxies", partitions=4, retention=None),
        TopicPlan(name=f"{prefix}status", partitions=4, retention=week),
        TopicPlan(name=f"{prefix}settings", partitions=4, retention=None),
        TopicPlan(name=f"{prefix}dead-letters", partitions=1, retention=week),
    )


async def create_topics(cluster: Cluster, plans: Iterable[TopicPlan], replicas: int = 1) -> None:
    """Make the topics that are missing; those that are there stay as they are."""
    wanted = [_as_new(plan, replicas) for plan in plans]
    async with _open_admin(cluster) as admin:
        with unavailability():
            answer = await admin.create_topics(wanted)
            for _, code, *_ in answer.topic_errors:
                fault = for_code(code)
                if code and fault is not TopicAlreadyExistsError:
                    raise fault
            async with asyncio.timeout(_CONNECT_LIMIT_SECONDS):
                await _await_topics(admin, [topic.name for topic in wanted])


async def describe_topics(cluster: Cluster, names: Collection[str]) -> Mapping[str, Topic]:
    """Describe those of the topics that exist."""
    async with _open_admin(cluster) as admin, open_loner(cluster) as client:
        with unavailability():
            present = sorted((await client.topics()) & set(names))
            settings = await _read_settings(admin, present)
            every = await _list_partitions(admin, present)
            starts = await client.beginning_offsets(every) if every else {}
            ends = await client.end_offsets(every) if every else {}
    return {name: _describe(name, settings[name], starts, ends) for name in present}


def _describe(
    name: str, settings: Mapping[str, str], starts: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
) -> Topic:
    keeps_ms = int(settings["retention.ms"])
    return Topic(
        name=name,
        starts={partition.partition: offset for partition, offset in starts.items() if partition.topic == name},
        ends={partition.partition: offset for partition, offset in ends.items() if partition.topic == name},
        retention=None if keeps_ms < 0 else timedelta(milliseconds=keeps_ms),
        compacted="compact" in settings["cleanup.policy"],
        most_bytes=int(settings["max.message.bytes"]),
    )


async def _list_partitions(admin: AIOKafkaAdminClient, names: Collection[str]) -> list[TopicPartition]:
    described = await admin.describe_topics(list(names)) if names else ()
    return [TopicPartition(one["topic"], part["partition"]) for one in described for part in one["partitions"]]


async def _await_topics(admin: AIOKafkaAdminClient, names: Collection[str]) -> None:
    """Return when the brokers tell clients of all these topics, a moment after the controller made them."""
    while not set(names) <= set(await admin.list_topics()):  # noqa: ASYNC110 - the brokers send no word
        await asyncio.sleep(_PAUSE_SECONDS)


async def _read_settings(admin: AIOKafkaAdminClient, names: Collection[str]) -> dict[str, dict[str, str]]:
    wanted = dict.fromkeys(_SETTINGS)
    asked = [ConfigResource(ConfigResourceType.TOPIC, name, wanted) for name in names]
    found: dict[str, dict[str, str]] = {}
    for answer in await admin.describe_configs(asked) if asked else ():
        for code, _, _, name, entries in answer.resources:
            if code:
                raise for_code(code)
            found[name] = {entry[0]: entry[1] for entry in entries}
    return found


def _as_new(plan: TopicPlan, replicas: int) -> NewTopic:
    if plan.retention is None:
        settings = {"cleanup.policy": "compact"}
    else:
        settings = {"retention.ms": str(plan.retention // timedelta(milliseconds=1))}
    return NewTopic(plan.name, plan.partitions, replicas, topic_configs=settings)


@asynccontextmanager
async def _open_admin(cluster: Cluster) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**cluster.options())
    try:
        with unavailability():
            async with asyncio.timeout(_CONNECT_LIMIT_SECONDS):
                await admin.start()
        yield admin
    finally:
        await admin.close()
