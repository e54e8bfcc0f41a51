"""Our place in the group: what is ours now, and whether somebody else uses our name."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta

from aiokafka import ConsumerRebalanceListener, TopicPartition

from notifier.kafka.assignments import Assignment
from notifier.kafka.namesakes import namesake

Begin = Callable[[Collection[TopicPartition], Callable[[BaseException], None]], Assignment]
_STRUGGLE = timedelta(minutes=2)
_MOST_NAMES = 4
"""A member is renamed when the broker no longer knows it; so often in so short a time only by another like it."""


class Membership(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka has no types
    """Begins an assignment when the group gives us partitions and ends it before it takes them away."""

    def __init__(self, begin: Begin, within: timedelta, name: Callable[[], str] | None) -> None:
        self._begin = begin
        self._within = within
        self._name = name
        self._names: deque[tuple[float, str]] = deque(maxlen=_MOST_NAMES)
        self._assignment: Assignment | None = None
        self._closed = False
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:  # noqa: ARG002 - all, always
        """End the present assignment; the protocol takes all partitions at each rebalance."""
        await self._end()

    def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Begin a new assignment; nothing here waits, for aiokafka fetches meanwhile and swallows faults."""
        if not self._closed:
            self._notice_struggle()
            self._assignment = self._begin(assigned, self._fail)

    def positions(self) -> Mapping[TopicPartition, int]:
        """Give how far each partition has been taken."""
        return {} if self._assignment is None else self._assignment.positions()

    async def close(self) -> Mapping[TopicPartition, int]:
        """End for good and give how far each partition was taken."""
        self._closed = True
        last = self._assignment
        await self._end()
        return {} if last is None else last.positions()

    async def _end(self) -> None:
        assignment, self._assignment = self._assignment, None
        if assignment is not None:
            await assignment.end(self._within)

    def _fail(self, fault: BaseException) -> None:
        if not self.failed.done():
            self.failed.set_exception(fault)

    def _notice_struggle(self) -> None:
        """Two processes with one instance id push each other out for ever, without an error from the broker."""
        if self._name is None:
            return
        name, now = self._name(), time.monotonic()
        if not self._names or self._names[-1][1] != name:
            self._names.append((now, name))
        if len(self._names) == _MOST_NAMES and now - self._names[0][0] < _STRUGGLE.total_seconds():
            self._fail(namesake())
