"""Publishing with every replica's acknowledgement, in the order given per key, and never waiting for ever."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import msgspec
from aiokafka import AIOKafkaProducer
from aiokafka.codec import has_lz4
from aiokafka.errors import KafkaError
from aiokafka.producer.message_accumulator import BatchBuilder

from notifier.kafka.connections import Cluster, unavailability

_BATCH_BYTES = 128 << 10
_STOP_LIMIT_SECONDS = 5


class ProducerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where to publish, and for how long a publication may wait."""

    cluster: Cluster
    within: timedelta = timedelta(seconds=5)


class OutgoingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One record to publish; without a key or a partition it goes to any."""

    value: bytes | None
    key: bytes | None = None
    partition: int | None = None
    """Only where the partition is what the record speaks of: a heartbeat (B21)."""
    headers: Sequence[tuple[str, bytes]] = ()


class Producer:
    """Publishes one call at a time, idempotently.

    Batches that were not acknowledged in time stay with the client, which delivers them after the outage; the next
    call waits for them first, so an outage piles nothing up and never overtakes. A client that failed is replaced:
    some faults of an idempotent client are final.
    """

    def __init__(self, client: AIOKafkaProducer, settings: ProducerSettings) -> None:
        self._client = client
        self._settings = settings
        self._failed = False
        self._turn = asyncio.Lock()
        self._unsettled: list[asyncio.Future[object]] = []
        self._keyless = 0

    async def publish(self, topic: str, keys: Sequence[bytes], values: Sequence[bytes]) -> None:
        """Publish messages and return when all are acknowledged; Unavailable says that some may not be."""
        await self.publish_records(
            topic, [OutgoingRecord(key=key, value=value) for key, value in zip(keys, values, strict=True)]
        )

    async def publish_records(self, topic: str, records: Iterable[OutgoingRecord]) -> None:
        """Publish records with their headers and return when all are acknowledged."""
        with unavailability():
            async with asyncio.timeout(self._settings.within.total_seconds()), self._turn:
                await self._renew()
                try:
                    await self._send(topic, records)
                except KafkaError:
                    self._failed = True
                    raise

    async def close(self) -> None:
        """Deliver what is under way, if that does not take long, and disconnect."""
        with suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(_STOP_LIMIT_SECONDS):
                await self._client.stop()

    async def _renew(self) -> None:
        if self._failed:
            await self.close()
            for future in self._unsettled:
                future.cancel()
            self._unsettled.clear()
            self._client = await start_client(self._settings)
            self._failed = False

    async def _send(self, topic: str, records: Iterable[OutgoingRecord]) -> None:
        await self._settle()
        count = len(await self._client.partitions_for(topic))
        for partition, batch in self._fill(records, count):
            batch.close()
            self._unsettled.append(await self._client.send_batch(batch, topic, partition=partition))
        await self._settle()

    async def _settle(self) -> None:
        """Wait for what was sent; what is still open after a time-out is met again by the next call."""
        waiting = self._unsettled
        while waiting:
            await asyncio.wait([waiting[0]])
            waiting.pop(0).result()

    def _fill(self, records: Iterable[OutgoingRecord], partitions: int) -> Iterable[tuple[int, BatchBuilder]]:
        """Fill batches per partition, in order; a full one is given at once."""
        open_batches: dict[int, BatchBuilder] = {}
        for record in records:
            partition = record.partition
            if partition is None:
                partition = self._partition_of(record.key, partitions)
            batch = open_batches.get(partition)
            if batch is None or not _append(batch, record):
                if batch is not None:
                    yield partition, batch
                open_batches[partition] = batch = self._client.create_batch()
                _append(batch, record)
        yield from open_batches.items()

    def _partition_of(self, key: bytes | None, partitions: int) -> int:
        """Choose as librdkafka does by default: CRC-32 of the key, a tenth of the cost of Java's murmur2 here."""
        if key is None:
            self._keyless += 1
            return self._keyless % partitions
        return zlib.crc32(key) % partitions


def _append(batch: BatchBuilder, record: OutgoingRecord) -> bool:
    added = batch.append(timestamp=None, key=record.key, value=record.value, headers=list(record.headers))
    return added is not None


async def start_client(settings: ProducerSettings) -> AIOKafkaProducer:
    """Connect a client that waits for every replica."""
    client = AIOKafkaProducer(
        **settings.cluster.options(),
        acks="all",
        enable_idempotence=True,
        linger_ms=5,
        max_batch_size=_BATCH_BYTES,
        compression_type="lz4" if has_lz4() else None,
    )
    try:
        await client.start()
    except BaseException:
        await client.stop()
        raise
    return client


@asynccontextmanager
async def open_producer(settings: ProducerSettings) -> AsyncIterator[Producer]:
    """Connect; Unavailable where the cluster does not answer in time."""
    with unavailability():
        async with asyncio.timeout(settings.within.total_seconds()):
            client = await start_client(settings)
    producer = Producer(client, settings)
    try:
        yield producer
    finally:
        await producer.close()
