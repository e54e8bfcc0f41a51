"""One process of notifier: its life, its partitions, its end."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import Any

from notifier.dispatch.link_endings import end_lapsed
from notifier.dispatch.patience import Patience
from tests.simulation.loop import OWNER
from tests.simulation.path import IDLE, build_path
from tests.simulation.ports import Shared, ignore
from tests.simulation.topic import PARTITIONS, TOPIC, fetch
from tests.simulation.weather import SeededMood


class Process:
    """A process: its tasks vanish when it crashes, and stand still while it is stopped."""

    def __init__(self, name: str, shared: Shared) -> None:
        self.name, self.dead, self.stopped_until = name, False, 0.0
        self.died_at: float | None = None
        self.partitions: set[int] = set()
        self.tasks: list[asyncio.Task[Any]] = []
        self.faults: list[str] = []
        self._shared = shared
        self._context = contextvars.copy_context()
        self._context.run(OWNER.set, self)
        first = timedelta(milliseconds=100)
        self._patience = Patience(part=name, chance=shared.chance.random, observe=ignore, first=first, most=IDLE)
        mood = SeededMood(self, shared.weather, shared.chance, shared.trace)
        self._path = build_path(name, shared, mood, self._patience)

    def start(self) -> None:
        """Begin everything that a process does."""
        path = self._path
        for partition in range(PARTITIONS):
            self.spawn(self._read(partition), f"read {partition}")
        work = {"fleet": path.fleet.run(), "record": path.recorder.run(), "feed": path.feeder.run()}
        work |= {f"quiet {one.lane}": one.run() for one in path.quiet}
        work["rejudge"] = path.rejudger.run()
        work["endings"] = self._every(2, self._end_what_is_due)
        work["links"] = self._every(20, lambda: end_lapsed(path.shares, 13, self._shared.now()))
        work["mending"] = self._every(5, lambda: path.mendings.mend_abandoned(self._shared.now()))
        work["halts"] = self._every(1, self._obey_halts)
        for name, coroutine in work.items():
            self.spawn(coroutine, name)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run something as a part of this process."""
        task = self._context.run(asyncio.get_running_loop().create_task, work, name=f"{self.name} {name}")
        task.add_done_callback(self._notice_end)

    def _notice_end(self, task: "asyncio.Task[Any]") -> None:
        if not task.cancelled() and (fault := task.exception()) is not None:
            self.faults.append(f"{task.get_name()} ended: {fault!r}")

    def crash(self) -> None:
        """End at once."""
        if not self.dead:
            self.dead, self.stopped_until = True, 0.0
            self.died_at = asyncio.get_running_loop().time()
            self.partitions.clear()
            for task in self.tasks:
                task.cancel()

    def hear(self, people: list[int]) -> None:
        """Let lanes go of what somebody may no longer get (A30)."""
        if not self.dead:
            self.spawn(self._path.fleet.drop(people), "tidings")

    async def _every(self, seconds: float, work: Callable[[], Awaitable[object]]) -> None:
        while True:
            await self._patience.insist(work)
            await asyncio.sleep(seconds)

    async def _end_what_is_due(self) -> None:
        await self._path.holdings.end_due(self._shared.now())
        await self._path.waiting.expire(self._shared.now())

    async def _obey_halts(self) -> None:
        outlooks = self._path.outlooks
        await outlooks.at(self._shared.now())
        if outlooks.halts:
            await self._path.fleet.drop_halted(outlooks.halts)

    async def _read(self, partition: int) -> None:
        """Read a partition while it is ours, from where the ledger says it stands."""
        while True:
            if partition not in self.partitions:
                await asyncio.sleep(0.7)
                continue
            position = await self._patience.insist(partial(self._path.ledger.position, TOPIC, partition))
            await self._read_on(partition, position or 0)

    async def _read_on(self, partition: int, position: int) -> None:
        shared = self._shared
        while partition in self.partitions:
            log = shared.story.partitions[partition]
            records = fetch(log, partition, position, shared.chance.randint(1, 12))
            if not records:
                await asyncio.sleep(0.5)
                continue
            following = records[-1].offset + 1
            handle = partial(self._path.intake.handle, TOPIC, partition, position, following, records)
            if not await self._patience.insist(handle):
                return
            position = following
