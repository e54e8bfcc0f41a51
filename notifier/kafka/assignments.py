"""The partitions that one rebalance gave us, and the tasks that work them until the next takes them away."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta

from aiokafka import TopicPartition

from notifier.kafka.positions import find_positions
from notifier.kafka.readers import Desk, Reader


class Assignment:
    """Works its partitions from its making to `end`; `failed` is told of what ends the reading."""

    def __init__(
        self, desk: Desk, partitions: Collection[TopicPartition], failed: Callable[[BaseException], None]
    ) -> None:
        self._desk = desk
        self._partitions = partitions
        self._failed = failed
        self._readers: dict[TopicPartition, Reader] = {}
        self._task = asyncio.create_task(self._work())

    def positions(self) -> Mapping[TopicPartition, int]:
        """Give how far each partition has been taken."""
        return {partition: reader.position for partition, reader in self._readers.items()}

    async def end(self, within: timedelta) -> None:
        """Let batches in hand finish for so long, then break them off: who comes next is told apart by the position."""
        if self._readers:
            for reader in self._readers.values():
                reader.leave()
            await asyncio.wait([self._task], timeout=within.total_seconds())
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _work(self) -> None:
        try:
            found = await find_positions(self._desk.consumer, self._desk.taker, self._desk.patience, self._partitions)
            async with asyncio.TaskGroup() as group:
                for partition, position in found.items():
                    reader = Reader(self._desk, partition, position)
                    reader.begin(group)
                    self._readers[partition] = reader
        except BaseExceptionGroup as faults:
            self._failed(faults.exceptions[0])
        except Exception as fault:  # noqa: BLE001 - handed to who runs the consumer
            self._failed(fault)
