"""The courier: a process of our own that holds the connections to the providers.

pyreqwest wakes Python from a thread of its own for every reply. In the process of the path, whose main thread is
always busy, each such wake waits for the interpreter's lock and the path for the wake: a third of all its CPU went
there (measured: 3,000 events/s; with a courier 4,200).
"""

import asyncio
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from notifier.domain.faults import Misconfigured, Unavailable
from notifier.domain.health import LaneState
from notifier.domain.pushes import Again, Outcome, Parcel, Trouble
from notifier.providers.frames import Begin, Begun, End, LaneSettings, Link, Load, Outcomes, States, Word

_START = timedelta(seconds=30)
"""Beyond the deadline of the request for a token."""
_LEAVE = timedelta(seconds=3)
"""At a stop the path has let its requests end, or has no more time for them."""
_LOOK_EVERY = timedelta(seconds=5)
_LOST = Again(trouble=Trouble.UNKNOWN, unknown=True)
_NOT_SENT = Again(trouble=Trouble.NOT_SENT)


def _nobody(_state: LaneState) -> None:
    """Tell nobody."""


class Courier:
    """Hands parcels to the process and gives out what became of them; `clock` is the business one.

    `tell` is told once a second how each lane is.
    """

    def __init__(
        self, lanes: Sequence[LaneSettings], clock: Callable[[], datetime], tell: Callable[[LaneState], None] = _nobody
    ) -> None:
        self._settings = tuple(lanes)
        self._longest = max(settings.route.timeout for settings in lanes)
        self._clock, self._tell = clock, tell
        self._process: Process | None = None
        self._link: Link | None = None
        self._begun: asyncio.Future[Begun] = asyncio.get_running_loop().create_future()
        self._waiting: dict[int, asyncio.Future[Outcome]] = {}
        self._leaving: list[tuple[int, Parcel]] = []
        self._number = 0

    @property
    def lanes(self) -> list[str]:
        """The names of its lanes, by which parcels say where they go."""
        return [settings.lane for settings in self._settings]

    @property
    def pid(self) -> int | None:
        """Its process, once there is one."""
        return None if self._process is None else self._process.pid

    async def open(self) -> None:
        """Start it and let it open its lanes; Misconfigured where a key is wrong, Unavailable where it fails."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "notifier.providers", str(theirs.fileno())),
                pass_fds=(theirs.fileno(),),
                stdin=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        loop = asyncio.get_running_loop()
        _, self._link = await loop.create_connection(partial(Link, self._hear, self._lose), sock=ours)
        self._link.say(Begin(self._settings))
        most_seconds = (_START + self._longest).total_seconds()
        try:
            async with asyncio.timeout(most_seconds):
                begun = await self._begun
        except TimeoutError:
            raise Unavailable(f"The courier did not open its lanes within {most_seconds:g} s.") from None
        if begun.fault is not None:
            raise Misconfigured(begun.fault)

    async def watch(self) -> None:
        """Wait until the process ends by itself or hangs, which nothing outlives: Unavailable.

        It hangs when its oldest parcel has no outcome though every request has a deadline. Looks are counted and not
        seconds: a process that was stopped itself has missed the outcomes, not got none.
        """
        assert self._process is not None
        ended = asyncio.ensure_future(self._process.wait())
        most_looks = 4 * self._longest // _LOOK_EVERY + 1
        oldest, looks = None, 0
        while looks < most_looks:
            await asyncio.wait([ended], timeout=_LOOK_EVERY.total_seconds())
            if ended.done():
                raise Unavailable(f"The courier ended with {ended.result()}.")
            first = next(iter(self._waiting), None)
            oldest, looks = first, looks + 1 if first is not None and first == oldest else 0
        raise Unavailable("The courier answers no more.")

    async def close(self) -> None:
        """Let what is in flight end, then the process; one that does not is killed."""
        if self._process is None:
            return
        if self._link is not None:
            self._link.say(End())
            with suppress(TimeoutError):
                async with asyncio.timeout(_LEAVE.total_seconds()):
                    await self._process.wait()
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    def send(self, parcel: Parcel) -> Awaitable[Outcome]:
        """Hand over one parcel; what is ready in one turn of the loop travels together."""
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[Outcome] = loop.create_future()
        if self._link is None:
            outcome.set_result(_NOT_SENT)
            return outcome
        if not self._leaving:
            loop.call_soon(self._leave)
        self._number += 1
        self._waiting[self._number] = outcome
        self._leaving.append((self._number, parcel))
        return outcome

    def _leave(self) -> None:
        leaving, self._leaving = self._leaving, []
        if self._link is not None:
            self._link.say(Load(self._clock(), leaving))

    def _hear(self, word: Word) -> None:
        if isinstance(word, Outcomes):
            for number, outcome in word.outcomes:
                self._settle(self._waiting.pop(number), outcome)
        elif isinstance(word, States):
            for state in word.states:
                self._tell(state)
        elif isinstance(word, Begun) and not self._begun.done():
            self._begun.set_result(word)

    def _lose(self) -> None:
        """Nobody knows what became of what it had."""
        self._link = None
        for waiting in self._waiting.values():
            self._settle(waiting, _LOST)
        self._waiting.clear()
        if not self._begun.done():
            self._begun.set_exception(Unavailable("The courier ended before its lanes were open."))

    @staticmethod
    def _settle(waiting: asyncio.Future[Outcome], outcome: Outcome) -> None:
        if not waiting.done():
            waiting.set_result(outcome)
