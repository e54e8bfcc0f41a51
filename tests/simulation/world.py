"""One seed: three days of a town of two hundred, two processes, and everything that may happen to them."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from notifier.dispatch.circumstances import Surroundings
from notifier.domain.freshness import Freshness
from notifier.domain.halts import Halt
from tests.fakes.rows import Tables
from tests.simulation.happenings import happen
from tests.simulation.loop import VirtualLoop
from tests.simulation.phones import Post
from tests.simulation.process import Process
from tests.simulation.story import Story
from tests.simulation.topic import PARTITIONS, TOPIC
from tests.simulation.town import BEGIN, Town
from tests.simulation.weather import Weather

PHASES, PHASE_SECONDS, LEAP_SECONDS = 9, 14.0, 8 * 3600.0
RECORDS_A_PHASE = 24


class World:
    """Everything of one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.loop = VirtualLoop(Random(seed + 1))
        self.trace: list[str] = []
        self.tables = Tables(self.loop.time)
        self.town = Town(self.tables, self.chance)
        self.story = Story(self.chance)
        self.weather = Weather(self.chance)
        self.post = Post(self.weather, self.chance, self.now, self.trace)
        self.processes: list[Process] = []
        self.residents_at = self.proxies_at = BEGIN
        self.stalled: set[str] = set()
        self.halts: tuple[Halt, ...] = ()
        self.ended = False
        self.stops: list[tuple[str, float, float]] = []
        """Who stood still, from when to when."""
        for partition in range(PARTITIONS):
            self.tables.positions.put((TOPIC, partition), 0)
        self.tables.found()

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.loop.time())

    def surroundings(self) -> Surroundings:
        freshness = Freshness(residents_complete_to=self.residents_at, proxies_complete_to=self.proxies_at)
        return Surroundings(freshness=freshness, halts=self.halts, withheld_units=frozenset())

    def chronicle(self, what: str, value: object) -> None:
        """Remember what no transaction wrote."""
        self.tables.history.append((self.loop.time(), what, value))

    def alive(self) -> list[Process]:
        return [process for process in self.processes if not process.dead]

    def start_process(self) -> None:
        if self.ended:
            return
        process = Process(f"p{len(self.processes)}", self)
        self.processes.append(process)
        process.start()
        self.rebalance()

    def rebalance(self) -> None:
        """Give each partition to one of those alive; who had it may still be at work on it."""
        alive = self.alive()
        for process in alive:
            process.partitions.clear()
        for partition in range(PARTITIONS):
            if alive:
                self.chance.choice(alive).partitions.add(partition)

    def beat(self) -> None:
        """The feeds are complete up to now, but for those that stand still."""
        if "residents" not in self.stalled:
            self.residents_at = self.now()
        if "proxies" not in self.stalled:
            self.proxies_at = self.now()
        if len(self.alive()) < 2 and not self.ended and self.chance.random() < 0.4:
            self.start_process()
        if not self.ended:
            self.loop.call_later(2.0, self.beat)

    async def live(self, check: Callable[["World", bool], None]) -> None:
        """Three days of trouble, then peace: everything is settled, and two weeks later everything has ended."""
        self.start_process()
        self.start_process()
        self.beat()
        for _ in range(PHASES):
            self._plan_phase()
            await asyncio.sleep(PHASE_SECONDS)
            self._leap(LEAP_SECONDS)
        self._calm_down()
        for _ in range(4):
            await asyncio.sleep(12)
            self._leap(1900)
        await asyncio.sleep(14)
        check(self, False)
        self._leap(15 * 86400)
        await asyncio.sleep(30)
        check(self, True)
        await self._end()

    def _plan_phase(self) -> None:
        for _ in range(RECORDS_A_PHASE):
            at = self.chance.random() * PHASE_SECONDS
            self.loop.call_later(at, lambda: self.story.publish(self.now()))
        for _ in range(self.chance.randint(2, 9)):
            self.loop.call_later(self.chance.random() * PHASE_SECONDS, happen, self)

    def _leap(self, seconds: float) -> None:
        self.loop.leap(seconds)
        self.trace.append(f"{self.loop.time():.3f} leap")

    def _calm_down(self) -> None:
        self.weather.calm = True
        self.stalled.clear()
        self.halts = ()
        self.chronicle("halts", self.halts)
        for process in self.alive():
            process.stopped_until = 0.0
        while len(self.alive()) < 2:
            self.start_process()
        self.rebalance()

    async def _end(self) -> None:
        self.ended = True
        for process in self.processes:
            process.crash()
        tasks = [task for process in self.processes for task in process.tasks]
        await asyncio.wait(tasks)
