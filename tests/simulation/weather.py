"""What may go wrong, and how likely it is at present."""

import asyncio
from random import Random
from typing import Protocol

from notifier.domain.faults import Unavailable

FINE = "fine"
LANE_WEATHERS = (FINE, FINE, "busy", "down", "slow", "misconfigured", "doubtful")


class Weather:
    """How likely faults are; calm, there are none."""

    def __init__(self, chance: Random) -> None:
        self.calm = False
        rough = chance.choice((0.0, 0.5, 1.0, 1.0, 3.0))
        self.unavailable = 0.01 * rough
        self.lost_reply = 0.008 * rough
        self.crash = 0.0006 * rough
        self.lanes: dict[str, str] = {}


class Mortal(Protocol):
    """A process, as its ports see it."""

    name: str
    dead: bool

    def crash(self) -> None:
        """End at once: nothing of it goes on."""


class SeededMood:
    """Faults at any await of a port of one process: each is the seed's choice."""

    def __init__(self, process: Mortal, weather: Weather, chance: Random, trace: list[str]) -> None:
        self._process = process
        self._weather = weather
        self._chance = chance
        self._trace = trace

    async def before(self, call: str) -> None:
        await self.pause()
        self._strike(self._weather.unavailable, f"{call}: away")

    async def within(self, call: str) -> None:
        if self._chance.random() < 0.1:
            await self.pause()
        self._strike(self._weather.unavailable / 4, f"{call}: rolled back")

    async def after(self, call: str) -> None:
        self._trace.append(f"{asyncio.get_running_loop().time():.3f} {self._process.name} {call}")
        if self._chance.random() < 0.3:
            await self.pause()
        self._strike(self._weather.lost_reply, f"{call}: reply lost")

    async def pause(self) -> None:
        """Wait a moment or none, in which the process may end."""
        chance = self._chance
        roll = chance.random()
        if not self._weather.calm and chance.random() < self._weather.crash:
            self._process.crash()
        await asyncio.sleep(0 if roll < 0.7 else chance.random() * (0.02 if roll < 0.98 else 1.5))
        if self._process.dead:
            raise asyncio.CancelledError

    def _strike(self, likely: float, what: str) -> None:
        if not self._weather.calm and self._chance.random() < likely:
            self._trace.append(f"{asyncio.get_running_loop().time():.3f} {self._process.name} {what}")
            raise Unavailable(what)
