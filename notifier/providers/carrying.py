"""The courier's own side: opens the lanes it is told, sends what it is handed, and leaves with its process."""

import asyncio
import os
import socket
import sys
import traceback
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import uvloop

from notifier.domain.faults import Misconfigured
from notifier.domain.pushes import Outcome
from notifier.providers.apns import ApnsLane, ApnsSettings
from notifier.providers.crew import Crew
from notifier.providers.fcm import FcmLane
from notifier.providers.frames import Begin, Begun, End, LaneSettings, Link, Load, Outcomes, States, Word
from notifier.providers.pools import MOST_WAITING
from notifier.providers.turns import Turns

_GATHER_SECONDS = 0.003
"""Outcomes of this long travel together: each frame wakes the path (measured: 2 % more events)."""
_GOODBYE_SECONDS = 5.0
"""More than closing the link takes, which ends the process."""
_TELL_SECONDS = 1.0
"""How often it says how its lanes are."""
_OUR_FAULT = 70


def carry(descriptor: int) -> None:
    """Be a courier until the process at the other end of the socket says so, or is gone."""
    with suppress(OSError, AttributeError):
        # Its work comes in bursts of short turns: it need not interrupt the path for each (measured: 3 % more events).
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    try:
        uvloop.run(Carrying().run(descriptor))
    except Exception as fault:  # noqa: BLE001 - its text may hold a token (I10)
        _give_up(fault)


class Carrying:
    """What a courier has in hand; lanes have crews of their own, so that none waits for another."""

    def __init__(self) -> None:
        self._now = _utc_now()
        self._crews: dict[tuple[str, bool], Crew] = {}
        self._lanes: dict[str, ApnsLane | FcmLane] = {}
        self._outcomes: list[tuple[int, Outcome]] = []
        self._turns = Turns()

    async def run(self, descriptor: int) -> None:
        """Serve the process at the other end until it says so; one that is gone ends us at once."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: _give_up(context.get("exception")))
        self._begin: asyncio.Future[Begin] = loop.create_future()
        self._end: asyncio.Future[None] = loop.create_future()
        link = partial(Link, self._hear, _leave)
        _, self._link = await loop.create_connection(link, sock=socket.socket(fileno=descriptor))
        begin = await self._begin
        async with AsyncExitStack() as stack:
            fault = await self._open_all(begin, stack)
            self._link.say(Begun(fault))
            if fault is None:
                await self._serve()
        self._link.close()
        await asyncio.sleep(_GOODBYE_SECONDS)

    async def _open_all(self, begin: Begin, stack: AsyncExitStack) -> str | None:
        """Open the lanes, or say in sentences why one cannot be."""
        try:
            for settings in begin.lanes:
                await self._open(settings, stack)
        except Misconfigured as fault:
            return str(fault)
        return None

    async def _open(self, settings: LaneSettings, stack: AsyncExitStack) -> None:
        lane: ApnsLane | FcmLane
        if isinstance(settings, ApnsSettings):
            lane = ApnsLane(settings, _utc_now)
        else:
            lane = FcmLane(settings, lambda: self._now, _utc_now)
        await lane.open()
        stack.push_async_callback(lane.close)
        self._lanes[lane.name] = lane
        for doubtful in (False, True):
            pool, most_waiting = lane.pool(doubtful=doubtful), MOST_WAITING if doubtful else None
            crew = Crew(lane.send, pool, settings.route.patience, self._settle, most_waiting, self._turns)
            self._crews[lane.name, doubtful] = crew

    async def _serve(self) -> None:
        """Work until told to end, or until a worker fails, which is a fault of ours."""
        telling = asyncio.ensure_future(self._tell_states())
        ends = [self._end, telling, *(crew.failed for crew in self._crews.values())]
        done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        telling.cancel()
        for ended in done:
            ended.result()

    def _settle(self, number: int, outcome: Outcome) -> None:
        if not self._outcomes:
            asyncio.get_running_loop().call_later(_GATHER_SECONDS, self._tell)
        self._outcomes.append((number, outcome))

    async def _tell_states(self) -> None:
        while True:
            self._link.say(States([lane.state for lane in self._lanes.values()]))
            await asyncio.sleep(_TELL_SECONDS)

    def _tell(self) -> None:
        outcomes, self._outcomes = self._outcomes, []
        self._link.say(Outcomes(outcomes))

    def _hear(self, word: Word) -> None:
        if isinstance(word, Load):
            self._now = word.now
            for number, parcel in word.parcels:
                self._crews[parcel.lane, parcel.doubtful].hand(number, parcel)
        elif isinstance(word, Begin):
            self._begin.set_result(word)
        elif isinstance(word, End) and not self._end.done():
            self._end.set_result(None)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _give_up(fault: BaseException | None) -> None:
    """End at once and say what kind of fault it was, and where; never its text."""
    frames = traceback.extract_tb(fault.__traceback__) if fault is not None else []
    where = f"{Path(frames[-1].filename).stem}:{frames[-1].lineno}" if frames else "nowhere"
    sys.stderr.write(f"notifier: the courier gives up: {type(fault).__name__} at {where}\n")
    sys.stderr.flush()
    os._exit(_OUR_FAULT)


def _leave() -> None:
    """Leave without ado: nobody waits for the outcomes, and stopping what is in flight may hang (TRAPS)."""
    os._exit(0)
