"""Trying the same again while a part of the house is away."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import msgspec

from notifier.dispatch.facts import Observe, Waited
from notifier.domain.faults import Unavailable

Result = TypeVar("Result")


def obey_cancellation() -> None:
    """Raise CancelledError in a task that was asked to end: what a library made of the request may look otherwise."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """Waits between tries: doubled up to `most`, with jitter so that processes do not come back in step."""

    part: str
    chance: Callable[[], float]
    """Gives a number in [0, 1)."""
    observe: Observe
    first: timedelta = timedelta(milliseconds=100)
    most: timedelta = timedelta(seconds=5)

    async def insist(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Do the work until it is not `Unavailable`; ends only so, or when cancelled."""
        tries = 0
        while True:
            try:
                return await work()
            except Unavailable as fault:
                obey_cancellation()
                await self.pause(tries, str(fault))
                tries += 1

    async def pause(self, tries: int, fault: str) -> None:
        """Wait after the try of this number."""
        pause = min(self.first * (1 << min(tries, 16)), self.most) * (0.5 + self.chance() / 2)
        self.observe(Waited(part=self.part, fault=fault, pause=pause))
        await asyncio.sleep(pause.total_seconds())
