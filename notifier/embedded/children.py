"""Programs that we start, watch and stop, and that end with us even when we are killed."""

import asyncio
import os
import subprocess
import threading
from contextlib import suppress
from datetime import timedelta
from signal import SIGKILL, Signals

from notifier.domain.faults import Misconfigured
from notifier.embedded.locks import AT_ONCE, PAUSE, take
from notifier.embedded.programs import Program, spawn

LAST_BREATH = timedelta(seconds=10)
LAST_LINES = 12


class Child:
    """A program that runs."""

    def __init__(self, program: Program, running: subprocess.Popen[bytes]) -> None:
        self._program = program
        self._running = running

    @property
    def pid(self) -> int:
        """Its number, also after it has ended."""
        return self._running.pid

    @property
    def ended(self) -> bool:
        """Say whether it runs no more."""
        return self._running.poll() is not None

    def require(self) -> None:
        """Raise Misconfigured, with its last words, if it runs no more."""
        if self.ended:
            raise self._fault(f"ended by itself with {self._running.returncode}")

    def signal(self, signal: Signals) -> None:
        """Send it a signal; one that has ended hears nothing."""
        self._running.send_signal(signal)

    async def wait_for_line(self, text: str, within: timedelta) -> None:
        """Return when its log contains the text; Misconfigured if it ends first or takes too long."""
        clock = asyncio.get_running_loop().time
        deadline_seconds = clock() + within.total_seconds()
        while text not in self._program.log.read_text(errors="replace"):
            if self._running.poll() is not None:
                raise self._fault(f"ended with {self._running.returncode} while starting")
            if clock() >= deadline_seconds:
                raise self._fault(f"did not start within {within.total_seconds():g} s")
            await asyncio.sleep(PAUSE.total_seconds())

    async def wait(self, within: timedelta) -> None:
        """Return when it has ended well; Misconfigured if it fails or takes too long."""
        if not await self._ended(within):
            raise self._fault(f"did not end within {within.total_seconds():g} s")
        if self._running.returncode != 0:
            raise self._fault(f"ended with {self._running.returncode}")

    async def stop(self, signal: Signals, within: timedelta) -> None:
        """Send the signal, after `within` kill, and return when it and all that it started are gone."""
        self._running.send_signal(signal)
        if not await self._ended(within):
            with suppress(ProcessLookupError):
                os.killpg(self.pid, SIGKILL)
            await self._ended(LAST_BREATH)
        os.close(await _take_lock(self._program))

    async def _ended(self, within: timedelta) -> bool:
        with suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(self._running.wait, within.total_seconds())
        return self._running.poll() is not None

    def _fault(self, what: str) -> Misconfigured:
        last = self._program.log.read_text(errors="replace").splitlines()[-LAST_LINES:]
        return Misconfigured("\n".join((f"{self._program.name} {what}; {self._program.log} ends with:", *last)))


async def start(program: Program) -> Child:
    """Start the program once no earlier one of its name and home is left; only from the main thread."""
    if threading.current_thread() is not threading.main_thread():
        # The kernel's signal of death follows the thread that forked, not the process.
        raise RuntimeError("children are started from the main thread only")
    lock = await _take_lock(program)
    try:
        return Child(program, spawn(program, lock))
    finally:
        os.close(lock)


async def start_until(program: Program, line: str, within: timedelta) -> Child:
    """Start the program and return when its log contains the line; else stop it and raise Misconfigured."""
    child = await start(program)
    try:
        await child.wait_for_line(line, within)
    except BaseException:
        await child.stop(SIGKILL, LAST_BREATH)
        raise
    return child


async def complete(program: Program, within: timedelta) -> None:
    """Run the program to its good end; else stop it and raise Misconfigured."""
    child = await start(program)
    try:
        await child.wait(within)
    except BaseException:
        await child.stop(SIGKILL, LAST_BREATH)
        raise


async def _take_lock(program: Program) -> int:
    """Wait until nothing of an earlier one is left, also of a run that was killed a moment ago."""
    busy = f"An earlier {program.name} in {program.home} does not end: stop it first."
    for _ in range(LAST_BREATH // PAUSE):
        with suppress(Misconfigured):
            return take(program.lock, AT_ONCE, busy)
        await asyncio.sleep(PAUSE.total_seconds())
    raise Misconfigured(busy)
