"""One lane: a provider, environment and topic with its own bounds; a slow one fills itself and nothing else."""

from collections import deque
from collections.abc import Callable, Collection, Iterable

from notifier.dispatch.batches import Due
from notifier.dispatch.bounds import Held, Limits, Monotonic, Work
from notifier.dispatch.facts import Observe
from notifier.dispatch.lane_facts import Dropped
from notifier.dispatch.pace import Pace
from notifier.dispatch.waiters import Waiters
from notifier.domain.identifiers import DeviceId, PersonId


class Lane:
    """Holds leased deliveries and attempts them, one at a time per device, in the order they came."""

    def __init__(self, name: str, work: Work, limits: Limits, monotonic: Monotonic, observe: Observe) -> None:
        self.name = name
        self._work = work
        self._limits = limits
        self._monotonic = monotonic
        self._observe = observe
        self._pace = Pace(monotonic)
        self._queue: deque[Held] = deque()
        self._waiting: dict[DeviceId, deque[Held]] = {}
        self._idle = Waiters()
        self._reserved = 0
        self._held = 0
        self._closing = False

    @property
    def room(self) -> int:
        """Say how many more fit: at most a third of the lease at the present rate (DESIGN 3)."""
        third = self._pace.per_second * self._limits.lease.total_seconds() / 3
        bound = min(self._limits.most, max(4 * self._limits.workers, int(third)))
        return 0 if self._closing else max(bound - self._held - self._reserved, 0)

    @property
    def held(self) -> int:
        """Say how many entries it holds, those being attempted among them."""
        return self._held

    def reserve(self) -> bool:
        """Take a place for a delivery that is about to be opened."""
        if self.room == 0:
            return False
        self._reserved += 1
        return True

    def free(self, places: int) -> None:
        """Give back reserved places: their deliveries were offered, or never opened."""
        self._reserved = max(self._reserved - places, 0)

    def offer(self, dues: Iterable[Due], lease_until: float) -> None:
        """Take leased deliveries; one device's wait behind each other so that its badge arrives in order."""
        self._pace.measure()
        for due in dues:
            held = Held(due=due, lease_until=lease_until)
            self._held += 1
            behind = self._waiting.get(due.device)
            if behind is not None:
                behind.append(held)
            else:
                self._waiting[due.device] = deque()
                self._queue.append(held)
                self._idle.wake()

    async def work(self) -> None:
        """Attempt entries until the lane is closed; as many of these run as the lane has workers."""
        while not self._closing:
            if not self._queue:
                await self._idle.wait()
                continue
            held = self._queue.popleft()
            try:
                await self._handle(held)
            finally:
                self._held -= 1
                self._next(held.due.device)

    async def drop(self, recipients: Collection[PersonId]) -> None:
        """Let go of what these recipients, or subjects, would get: something tightened (A30)."""
        await self._drop("tightened", lambda due: due.recipient in recipients or due.subject in recipients)

    async def drop_halted(self, stopped: Callable[[Due], bool]) -> None:
        """Let go of what a halt stops (B28)."""
        await self._drop("halted", stopped)

    async def close(self) -> None:
        """Give back everything that is not being attempted; workers end after what they have in hand."""
        self._closing = True
        await self._drop("closing", lambda _due: True)
        self._idle.wake_all()

    async def _handle(self, held: Held) -> None:
        """Attempt an entry whose lease outlasts one request; a late one is given back to whoever claims it next."""
        if self._monotonic() + self._limits.request_deadline.total_seconds() > held.lease_until:
            self._observe(Dropped(lane=self.name, reason="lease", entries=1))
            await self._work.give_back(held.due)
            return
        await self._work.handle(held.due)
        self._pace.count()

    def _next(self, device: DeviceId) -> None:
        behind = self._waiting[device]
        if behind:
            self._queue.append(behind.popleft())
            self._idle.wake()
        else:
            del self._waiting[device]

    async def _drop(self, reason: str, unwanted: Callable[[Due], bool]) -> None:
        dropped = [held.due for held in self._take(unwanted)]
        for due in dropped:
            await self._work.give_back(due)
        if dropped:
            self._observe(Dropped(lane=self.name, reason=reason, entries=len(dropped)))

    def _take(self, unwanted: Callable[[Due], bool]) -> list[Held]:
        """Take unwanted entries out of every queue; the places in front of the others stay as they are."""
        taken = [held for behind in self._waiting.values() for held in behind if unwanted(held.due)]
        for behind in self._waiting.values():
            kept = [held for held in behind if not unwanted(held.due)]
            behind.clear()
            behind.extend(kept)
        front = [held for held in self._queue if unwanted(held.due)]
        self._queue = deque(held for held in self._queue if not unwanted(held.due))
        self._held -= len(taken) + len(front)
        for held in front:
            self._next(held.due.device)
        return taken + front
