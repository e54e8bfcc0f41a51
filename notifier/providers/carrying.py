"""The courier's own side: opens the lanes it is told, sends what it is handed, and leaves with its process."""

import asyncio
import os
import socket
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial

from notifier.domain.faults import Misconfigured
from notifier.domain.pushes import Outcome, Parcel, Refused, Trouble
from notifier.providers.apns import ApnsLane, ApnsSettings
from notifier.providers.fcm import FcmLane
from notifier.providers.frames import Begin, Begun, End, LaneSettings, Link, Load, Outcomes, Word

_GATHER_SECONDS = 0.003
"""Outcomes of this long travel together: each frame wakes the path (measured: 2 % more events)."""


class Carrying:
    """What a courier has in hand: at most what its lanes may have in flight, for nobody is handed more."""

    def __init__(self) -> None:
        self._now = _utc_now()
        self._orders: asyncio.Queue[tuple[int, Parcel]] = asyncio.Queue()
        self._lanes: dict[str, ApnsLane | FcmLane] = {}
        self._outcomes: list[tuple[int, Outcome]] = []

    async def run(self, descriptor: int) -> None:
        """Serve the process at the other end until it says so; one that is gone ends us at once."""
        loop = asyncio.get_running_loop()
        self._begin: asyncio.Future[Begin] = loop.create_future()
        self._end: asyncio.Future[None] = loop.create_future()
        link = partial(Link, self._hear, _leave)
        _, self._link = await loop.create_connection(link, sock=socket.socket(fileno=descriptor))
        async with AsyncExitStack() as stack:
            begin = await self._begin
            try:
                for settings in begin.lanes:
                    await self._open(settings, stack)
            except Misconfigured as fault:
                self._link.say(Begun(str(fault)))
                return
            self._link.say(Begun(None))
            await self._serve(sum(lane.route.connections * lane.route.in_flight for lane in begin.lanes))

    async def _open(self, settings: LaneSettings, stack: AsyncExitStack) -> None:
        lane: ApnsLane | FcmLane
        if isinstance(settings, ApnsSettings):
            lane = ApnsLane(settings, _utc_now)
        else:
            lane = FcmLane(settings, lambda: self._now, _utc_now)
        await lane.open()
        stack.push_async_callback(lane.close)
        self._lanes[lane.name] = lane

    async def _serve(self, workers: int) -> None:
        """Work until told to end, or until a worker fails, which is a fault of ours."""
        working = [asyncio.ensure_future(self._work()) for _ in range(workers)]
        done, _ = await asyncio.wait([*working, self._end], return_when=asyncio.FIRST_COMPLETED)
        for ended in done:
            ended.result()

    async def _work(self) -> None:
        while True:
            number, parcel = await self._orders.get()
            outcome = await self._send(parcel)
            if not self._outcomes:
                asyncio.get_running_loop().call_later(_GATHER_SECONDS, self._tell)
            self._outcomes.append((number, outcome))

    async def _send(self, parcel: Parcel) -> Outcome:
        try:
            return await self._lanes[parcel.lane].send(parcel)
        except ValueError:  # too large for a push: it would be so every time
            return Refused(trouble=Trouble.REFUSED)

    def _tell(self) -> None:
        outcomes, self._outcomes = self._outcomes, []
        self._link.say(Outcomes(outcomes))

    def _hear(self, word: Word) -> None:
        if isinstance(word, Load):
            self._now = word.now
            for order in word.parcels:
                self._orders.put_nowait(order)
        elif isinstance(word, Begin):
            self._begin.set_result(word)
        elif isinstance(word, End):
            self._end.set_result(None)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _leave() -> None:
    """Leave without ado: nobody waits for the outcomes, and stopping what is in flight may hang (TRAPS)."""
    os._exit(0)
