"""One process of notifier, put together as `app` does, over the fakes of its ports."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Protocol

from notifier.dispatch.badges import Badges
from notifier.dispatch.batches import Batch, Opened
from notifier.dispatch.bounds import Limits
from notifier.dispatch.circumstances import Outlooks, Surroundings
from notifier.dispatch.feeder import Feeder
from notifier.dispatch.fleet import Fleet
from notifier.dispatch.intake import Clocks, Intake
from notifier.dispatch.lanes import Lane
from notifier.dispatch.link_endings import end_lapsed
from notifier.dispatch.patience import Patience
from notifier.dispatch.planning import Planner
from notifier.dispatch.quiet import Quiet
from notifier.dispatch.recorder import Recorder
from notifier.dispatch.rejudging import Rejudger
from notifier.dispatch.sender import Sender
from notifier.dispatch.settling import Settling
from notifier.domain.settlements import Waits
from tests.domain.cast import NATIONAL
from tests.fakes.debts import FakeDebts
from tests.fakes.holdings import FakeHoldings, FakeShares
from tests.fakes.ledger import FakeLedger
from tests.fakes.people import FakeDirectory
from tests.fakes.recordings import FakeRecordings
from tests.fakes.rows import Tables
from tests.fakes.waiting import FakeWaiting
from tests.simulation.loop import OWNER
from tests.simulation.phones import DEADLINE_SECONDS, Post, ProcessPost
from tests.simulation.story import PARTITIONS, TOPIC, Story, decode, fetch
from tests.simulation.town import LANES
from tests.simulation.weather import SeededMood, Weather

LEASE = timedelta(seconds=10)
IDLE = timedelta(seconds=1)
REJUDGE_EVERY = timedelta(seconds=10)
WORKERS, MOST_HELD = 2, 20
WAITS = Waits(first=timedelta(seconds=1), most=timedelta(seconds=8), unavailable=timedelta(seconds=15))


class StoryLedger(FakeLedger):
    """A ledger that cannot store what is cursed, as PostgreSQL refuses values of class 22."""

    def __init__(self, tables: Tables, mood: SeededMood, story: Story) -> None:
        super().__init__(tables, mood)
        self._story = story

    def _store(self, batch: Batch, admission: Any) -> Opened:
        for items in admission.admitted.values():
            for item in items:
                record = getattr(item.work, "event", None) or item.work.mark
                if record.key in self._story.cursed:
                    raise ValueError("cursed")
        return super()._store(batch, admission)


class FakeSurveyor:
    """How fresh the feeds are and what is halted."""

    def __init__(self, tables: Tables, surroundings: Callable[[], Surroundings], name: str, mood: SeededMood) -> None:
        self._tables = tables
        self._surroundings = surroundings
        self._name = name
        self._mood = mood

    async def survey(self) -> Surroundings:
        async with self._tables.begin(self._mood, "survey"):
            found = self._surroundings()
            self._tables.note("surveyed", (self._name, found))
        return found


class Parts(Protocol):
    """What every process shares."""

    tables: Tables
    story: Story
    post: Post
    weather: Weather
    chance: Random
    trace: list[str]

    def now(self) -> datetime: ...
    def surroundings(self) -> Surroundings: ...


class Process:
    """A process: its tasks vanish when it crashes, and stand still while it is stopped."""

    def __init__(self, name: str, parts: "Parts") -> None:
        loop = asyncio.get_running_loop()
        tables, story, post, chance, now = parts.tables, parts.story, parts.post, parts.chance, parts.now
        self.name, self.dead, self.stopped_until = name, False, 0.0
        self.partitions: set[int] = set()
        self.tasks: list[asyncio.Task[Any]] = []
        self.faults: list[str] = []
        self._context = contextvars.copy_context()
        self._context.run(OWNER.set, self)
        self._story, self._chance, self._now = story, chance, now
        mood = SeededMood(self, parts.weather, chance, parts.trace)
        self._patience = Patience(
            part=name, chance=chance.random, observe=_ignore, first=timedelta(milliseconds=100), most=IDLE
        )
        transports = {lane: ProcessPost(post, name, mood) for lane in LANES}
        self._clocks = Clocks(now=now, monotonic=loop.time)
        self.recorder = Recorder(FakeRecordings(tables, mood), now, loop.time, self._patience, _ignore, most=40)
        badges = Badges()
        self.fleet = self._build_fleet(transports, badges)
        self.outlooks = Outlooks(FakeSurveyor(tables, parts.surroundings, name, mood), NATIONAL, loop.time)
        self.ledger = StoryLedger(tables, mood, story)
        planner = Planner(
            entropy=chance.randbytes,
            sealing=_Clear(),
            rooms=self.fleet,
            lease=LEASE,
            rejudge_every=timedelta(seconds=10),
            catalogue="simulated",
        )
        directory = FakeDirectory(tables, mood)
        self.intake = Intake(
            decode=lambda records, _now: decode(story, records),
            directory=directory,
            circumstances=self.outlooks.at,
            planner=planner,
            ledger=self.ledger,
            fleet=self.fleet,
            clocks=self._clocks,
            observe=_ignore,
        )
        self._waiting = FakeWaiting(tables, mood, lease=LEASE)
        self._feeder = Feeder(
            waiting=self._waiting, fleet=self.fleet, circumstances=self.outlooks.at, clocks=self._clocks,
            patience=self._patience, observe=_ignore, idle=IDLE,
        )  # fmt: skip
        self._holdings = FakeHoldings(tables, mood)
        self._rejudger = Rejudger(
            ledger=self._holdings, directory=directory, circumstances=self.outlooks.at, planner=planner,
            fleet=self.fleet, clocks=self._clocks, patience=self._patience, observe=_ignore,
        )  # fmt: skip
        self._shares = FakeShares(tables, mood)
        debts = FakeDebts(tables, LEASE, mood)
        self._quiet = [
            Quiet(
                lane=lane, transport=transport, debts=debts, open_token=_open_token, entropy=chance.randbytes,
                badges=badges, waits=WAITS, monotonic=loop.time, patience=self._patience, observe=_ignore,
                halted=self._is_halted, idle=IDLE,
            )
            for lane, transport in transports.items()
        ]  # fmt: skip

    def _build_fleet(self, transports: dict[str, ProcessPost], badges: Badges) -> Fleet:
        clock = self._clocks
        sender = Sender(
            transports=transports, open_token=_open_token, badges=badges, key_id="1", clock=clock.now,
            monotonic=clock.monotonic, observe=_ignore, reach=_ignore,
        )  # fmt: skip
        work = Settling(
            attempt=sender.attempt, put=self.recorder.put, waits=WAITS, clock=clock.now, chance=self._chance.random
        )
        limits = Limits(
            workers=WORKERS, most=MOST_HELD, lease=LEASE, request_deadline=timedelta(seconds=DEADLINE_SECONDS)
        )
        lanes = {name: Lane(name, work, limits, clock.monotonic, _ignore) for name in transports}
        return Fleet(lanes=lanes, lease=LEASE, workers=WORKERS)

    def start(self) -> None:
        """Begin everything that a process does."""
        for partition in range(PARTITIONS):
            self.spawn(self._read(partition), f"read {partition}")
        work = {"fleet": self.fleet.run(), "record": self.recorder.run(), "feed": self._feeder.run()}
        work |= {f"quiet {one.lane}": one.run() for one in self._quiet}
        work["rejudge"] = self._rejudger.run()
        work["endings"] = self._every(2, self._end_what_is_due)
        work["links"] = self._every(20, lambda: end_lapsed(self._shares, 13, self._now()))
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
            self.partitions.clear()
            for task in self.tasks:
                task.cancel()

    def hear(self, people: list[int]) -> None:
        """Let lanes go of what somebody may no longer get (A30)."""
        if not self.dead:
            self.spawn(self.fleet.drop(people), "tidings")  # type: ignore[arg-type]

    async def _every(self, seconds: float, work: Callable[[], Awaitable[object]]) -> None:
        while True:
            await self._patience.insist(work)
            await asyncio.sleep(seconds)

    async def _end_what_is_due(self) -> None:
        await self._holdings.end_due(self._now())
        await self._waiting.expire(self._now())

    async def _obey_halts(self) -> None:
        await self.outlooks.at(self._now())
        if self.outlooks.halts:
            await self.fleet.drop_halted(self.outlooks.halts)

    def _is_halted(self) -> bool:
        return any(halt.channel in ("push", "all") for halt in self.outlooks.halts)

    async def _read(self, partition: int) -> None:
        """Read a partition while it is ours, from where the ledger says it stands."""
        while True:
            if partition not in self.partitions:
                await asyncio.sleep(0.7)
                continue
            position = await self._patience.insist(partial(self.ledger.position, TOPIC, partition))
            await self._read_on(partition, position or 0)

    async def _read_on(self, partition: int, position: int) -> None:
        while partition in self.partitions:
            records = fetch(self._story.partitions[partition], partition, position, self._chance.randint(1, 12))
            if not records:
                await asyncio.sleep(0.5)
                continue
            following = records[-1].offset + 1
            handle = partial(self.intake.handle, TOPIC, partition, position, following, records)
            if not await self._patience.insist(handle):
                return
            position = following


class _Clear:
    """Seals nothing: what is inside is not the simulation's matter."""

    def write(self, event: object, about: bytes | None) -> bytes:
        return b""

    def seal(self, written: bytes, device: object, push_id: bytes) -> bytes:
        return b""


def _open_token(_device: int, sealed: bytes) -> str:
    return sealed.decode()


def _ignore(_fact: object) -> None:
    """Facts are for metrics."""
