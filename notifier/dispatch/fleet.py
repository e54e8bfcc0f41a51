"""All lanes of a process."""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import timedelta
from typing import Self

import msgspec

from notifier.dispatch.batches import Due
from notifier.dispatch.bounds import Monotonic
from notifier.dispatch.lanes import Lane
from notifier.domain.halts import Halt
from notifier.domain.identifiers import PersonId

_MOST_TIGHTENED = 1000
"""Beyond that the oldest are forgotten, and what they forbid is met by the next re-reading alone."""
Tightened = tuple[float, Collection[PersonId]]
"""When it was heard of, and whom it concerns."""


class Fleet(msgspec.Struct, frozen=True, kw_only=True):
    """Routes deliveries to their lanes; one without a lane here waits for a process that has it (A19)."""

    lanes: Mapping[str, Lane]
    lease: timedelta
    workers: int
    monotonic: Monotonic
    tightened: deque[Tightened] = msgspec.field(default_factory=lambda: deque(maxlen=_MOST_TIGHTENED))
    """What was heard of within a lease: a batch judged before it may still be on its way here."""

    def reserve(self, lane: str) -> bool:
        """Take a place in a lane."""
        found = self.lanes.get(lane)
        return found is not None and found.reserve()

    def book(self) -> "Booking":
        """Take places for one batch, as a block that gives them all back at its end."""
        return Booking(self)

    def free(self, lanes: Iterable[str]) -> None:
        """Give back reserved places, one per name."""
        for lane in lanes:
            self.lanes[lane].free(1)

    async def offer(self, dues: Iterable[Due], leased_at: float) -> None:
        """Hand over deliveries leased at `leased_at` of the monotonic clock, or later.

        What was forbidden while they were on their way here is let go before a lane can begin with it (A30).
        """
        by_lane: dict[str, list[Due]] = {}
        for due in dues:
            by_lane.setdefault(due.delivery.lane, []).append(due)
        for name, lane_dues in by_lane.items():
            self.lanes[name].offer(lane_dues, leased_at + self.lease.total_seconds())
        for heard_at, recipients in tuple(self.tightened):
            if heard_at >= leased_at:
                await self._let_go(recipients)

    async def drop(self, recipients: Collection[PersonId]) -> None:
        """Let go of what something that tightened forbids (A30)."""
        now = self.monotonic()
        while self.tightened and self.tightened[0][0] < now - self.lease.total_seconds():
            self.tightened.popleft()
        self.tightened.append((now, recipients))
        await self._let_go(recipients)

    async def _let_go(self, recipients: Collection[PersonId]) -> None:
        for lane in self.lanes.values():
            await lane.drop(recipients)

    async def drop_halted(self, halts: tuple[Halt, ...]) -> None:
        """Let go of what a halt of push stops; narrower halts are judged when it is claimed again (B28)."""
        if any(halt.channel in ("push", "all") for halt in halts):
            for lane in self.lanes.values():
                await lane.drop_halted(_stopped_by(halts))

    async def run(self) -> None:
        """Work all lanes until they are closed."""
        async with asyncio.TaskGroup() as tasks:
            for lane in self.lanes.values():
                for _ in range(self.workers):
                    tasks.create_task(lane.work())

    async def close(self) -> None:
        """Give back what is not being attempted and let the workers end."""
        for lane in self.lanes.values():
            await lane.close()


class Booking:
    """The places that one batch takes while it is planned and stored; whatever becomes of it, they are given back."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._lanes: list[str] = []

    def reserve(self, lane: str) -> bool:
        """Take a place in a lane."""
        taken = self._fleet.reserve(lane)
        if taken:
            self._lanes.append(lane)
        return taken

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._fleet.free(self._lanes)


def _stopped_by(halts: tuple[Halt, ...]) -> Callable[[Due], bool]:
    pushes = [halt for halt in halts if halt.channel in ("push", "all")]

    def stopped(due: Due) -> bool:
        return any(halt.stops("push", halt.region or "", halt.type or "", due.source) for halt in pushes)

    return stopped
