"""Those who work one lane: as many as its connections have room for, so that what cannot go yet waits in one queue."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

from notifier.dispatch.waiters import Waiters
from notifier.domain.pushes import Again, Outcome, Parcel, Refused, Trouble
from notifier.providers.turns import MANY, Turns

_NOT_SENT = Again(trouble=Trouble.NOT_SENT)
Tell = Callable[[int, Outcome], None]
"""Takes what became of the parcel of a number."""


Send = Callable[[Parcel], Awaitable[Outcome]]


class Room(Protocol):
    """Says how many can work at one time."""

    @property
    def capacity(self) -> int:
        """Parcels that can be under way now."""


class Crew:
    """Sends what it is handed, in order; its queue is bounded by whoever waits for the outcomes.

    What has not gone within `patience` is not sent: whoever handed it may hold it no longer (leases, DESIGN 3). Nor is
    what comes while `most_waiting` wait.
    """

    def __init__(
        self,
        send: Send,
        room: Room,
        patience: timedelta,
        tell: Tell,
        most_waiting: int | None = None,
        turns: Turns | None = None,
    ) -> None:
        self._send, self._room, self._tell = send, room, tell
        self._most_waiting = most_waiting
        self._patience_seconds = patience.total_seconds()
        self._orders: deque[tuple[int, Parcel, float]] = deque()
        self._idle = Waiters()
        self._dismissed = False
        self._busy = 0
        self._turns = turns or Turns()
        self._tasks: set[asyncio.Task[None]] = set()
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Ends with the fault of a worker, which is a fault of ours."""

    def hand(self, number: int, parcel: Parcel) -> None:
        """Take a parcel."""
        if self._most_waiting is not None and len(self._orders) >= self._most_waiting:
            self._tell(number, _NOT_SENT)
            return
        self._orders.append((number, parcel, time.monotonic() + self._patience_seconds))
        self._call()

    def dismiss(self) -> None:
        """Send nothing any more; a request that does not hear of its cancellation (TRAPS) is its worker's last."""
        self._dismissed = True
        for task in self._tasks:
            task.cancel()

    def _under_way(self) -> int:
        return 0 if self._dismissed else self._busy

    def _call(self) -> None:
        """Call one to work who is idle, or new, if there is a place."""
        if self._busy >= self._room.capacity:
            return
        if self._idle:
            self._idle.wake()
        elif len(self._tasks) < self._room.capacity:
            task = asyncio.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._let_go)

    async def _work(self) -> None:
        while not self._dismissed:
            if not self._orders or self._busy >= self._room.capacity:
                await self._idle.wait()
                continue
            number, parcel, until = self._orders.popleft()
            self._busy += 1
            if self._busy == MANY:
                self._turns.take(self._under_way)
            if self._orders:
                self._call()
            try:
                outcome = await self._send(parcel) if time.monotonic() < until else _NOT_SENT
            except ValueError:  # too large for a push: it would be so every time
                outcome = Refused(trouble=Trouble.REFUSED)
            self._tell(number, outcome)
            self._busy -= 1

    def _let_go(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and not self.failed.done():
            fault = task.exception()
            if fault is not None:
                self.failed.set_exception(fault)
