"""Reading topics as one of a group: positions are the taker's, Kafka's own offsets are for lag monitors only (I1)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from notifier.dispatch.intake_port import RecordTaker
from notifier.dispatch.patience import Patience
from notifier.domain.faults import Misconfigured
from notifier.kafka.assignments import Assignment
from notifier.kafka.connections import Cluster, unavailability
from notifier.kafka.membership import Membership
from notifier.kafka.namesakes import namesake, tells_of_namesake
from notifier.kafka.readers import Desk

_NOWHERE = TopicPartition("", -1)
"""Polled all the time, so that the group never takes us for idle while every partition is held back."""
_POLL_MS = 1_000
_CONNECT_LIMIT_SECONDS = 30
_LEAVE_LIMIT_SECONDS = 5


class ConsumerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What is read, as which group, with which bounds."""

    cluster: Cluster
    group: str
    topics: tuple[str, ...]
    instance_id: str | None = None
    """Static membership, only when asked for (TRAPS)."""
    max_records: int = 500
    """In one batch."""
    batches_in_hand: int = 4
    """Over all partitions."""
    session_timeout: timedelta = timedelta(seconds=10)
    """After this the partitions of a member that was killed go to others."""
    leave_within: timedelta = timedelta(seconds=15)
    """How long batches in hand may take when a partition goes or the process ends."""
    commit_every: timedelta = timedelta(seconds=5)


class Consumer:
    """A member of the group, from `run` to its end."""

    def __init__(self, client: AIOKafkaConsumer, settings: ConsumerSettings, desk: Desk) -> None:
        self._client = client
        self._settings = settings
        self._desk = desk

    async def run(self, stop: asyncio.Event) -> None:
        """Hand over records until `stop`; then finish the batches in hand.

        Raises Misconfigured where positions must not be guessed or our instance id is used twice, Unavailable where
        the place in the group is lost for good and the consumer is to be opened anew, and what the taker raises.
        """
        name = self._member_id if self._settings.instance_id is not None else None
        member = Membership(self._begin, self._settings.leave_within, name)
        self._client.subscribe(list(self._settings.topics), listener=member)
        polling, stopping = asyncio.create_task(self._poll(member)), asyncio.create_task(stop.wait())
        try:
            ends: set[asyncio.Future[Any]] = {polling, stopping, member.failed}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if polling.done():
                await polling
        finally:
            polling.cancel()
            stopping.cancel()
            await asyncio.gather(polling, stopping, return_exceptions=True)
            await self._commit(await member.close())
            if member.failed.done():
                await member.failed

    def _begin(self, partitions: Collection[TopicPartition], failed: Callable[[BaseException], None]) -> Assignment:
        return Assignment(self._desk, partitions, failed)

    def _member_id(self) -> str:
        return str(self._client._coordinator.member_id)  # noqa: SLF001 - nothing else tells that the broker forgot us

    async def _poll(self, member: Membership) -> None:
        clock = asyncio.get_running_loop().time
        committed: Mapping[TopicPartition, int] = {}
        due_at_seconds = clock() + self._settings.commit_every.total_seconds()
        while True:
            await self._keep_place()
            if clock() >= due_at_seconds:
                positions = member.positions()
                await self._commit(dict(positions.items() - committed.items()))
                committed = positions
                due_at_seconds = clock() + self._settings.commit_every.total_seconds()

    async def _keep_place(self) -> None:
        with unavailability():
            try:
                await self._client.getmany(_NOWHERE, timeout_ms=_POLL_MS)
            except KafkaError as fault:
                if tells_of_namesake(fault):
                    raise namesake() from None
                raise

    async def _commit(self, positions: Mapping[TopicPartition, int]) -> None:
        """Tell lag monitors how far we are; nothing depends on it."""
        if positions:
            with suppress(KafkaError, TimeoutError):
                async with asyncio.timeout(_LEAVE_LIMIT_SECONDS):
                    await self._client.commit(dict(positions))


@asynccontextmanager
async def open_consumer(settings: ConsumerSettings, taker: RecordTaker, patience: Patience) -> AsyncIterator[Consumer]:
    """Connect; Unavailable where the cluster does not answer, Misconfigured where it lacks a topic."""
    client = AIOKafkaConsumer(**_options(settings))
    try:
        with unavailability():
            async with asyncio.timeout(_CONNECT_LIMIT_SECONDS):
                await client.start()
                _require(settings.topics, await client.topics())
        desk = Desk(
            consumer=client,
            taker=taker,
            patience=patience,
            slots=asyncio.Semaphore(settings.batches_in_hand),
            max_records=settings.max_records,
        )
        yield Consumer(client, settings, desk)
    finally:
        with suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(_LEAVE_LIMIT_SECONDS):
                await client.stop()


def _options(settings: ConsumerSettings) -> dict[str, object]:
    session_ms = int(settings.session_timeout / timedelta(milliseconds=1))
    return {
        **settings.cluster.options(),
        "group_id": settings.group,
        "group_instance_id": settings.instance_id,
        "isolation_level": "read_committed",
        "enable_auto_commit": False,
        "auto_offset_reset": "none",
        "session_timeout_ms": session_ms,
        "heartbeat_interval_ms": min(3_000, session_ms // 3),
        "rebalance_timeout_ms": int(settings.leave_within / timedelta(milliseconds=1)) + session_ms,
    }


def _require(wanted: Collection[str], present: Collection[str]) -> None:
    missing = [
        f"Kafka has no topic {topic}: create it, or check KAFKA__TOPICS." for topic in wanted if topic not in present
    ]
    if missing:
        raise Misconfigured(*missing)
