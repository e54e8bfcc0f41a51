"""The dispatcher as a child of the sandbox: started, watched, started again when it dies."""

import asyncio
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from signal import SIGKILL, SIGTERM

from notifier.app.places import Places
from notifier.app.sandbox.dispatcher import READY, write_terms
from notifier.domain.faults import Misconfigured, Unavailable
from notifier.embedded.children import Child, start_until
from notifier.embedded.programs import Program
from notifier.settings import Settings

_START_LIMIT = timedelta(seconds=60)
_STOP_LIMIT = timedelta(seconds=25)
_LOOK_EVERY = timedelta(milliseconds=100)
_MOST_DEATHS = 5
"""Without one good start between them."""


class Service:
    """notifier as a process of its own."""

    def __init__(self, settings: Settings, places: Places, home: Path, say: Callable[[str], None]) -> None:
        home.mkdir(mode=0o700, exist_ok=True)
        terms = home.parent / "terms.json"
        write_terms(terms, settings, places)
        command = (sys.executable, "-m", "notifier", "sandboxed", str(terms))
        self._program = Program(name="notifier", command=command, home=home)
        self._say = say
        self._child: Child | None = None

    @property
    def ready(self) -> bool:
        """Say whether it serves."""
        return self._child is not None and not self._child.ended

    async def open(self) -> None:
        """Start it and return when it serves; Misconfigured with its last words if it cannot."""
        self._child = await start_until(self._program, READY, _START_LIMIT)

    async def run(self) -> None:
        """Start it again whenever it dies, until cancelled; Misconfigured if it will not live."""
        failures = 0
        while True:
            await asyncio.sleep(_LOOK_EVERY.total_seconds())
            if self._child is None or not self._child.ended:
                continue
            self._child = None
            self._say("notifier died and is started again.")
            try:
                await self.open()
                failures = 0
            except Misconfigured:
                failures += 1
                if failures == _MOST_DEATHS:
                    raise

    def kill(self) -> None:
        """End it without a word, as a power cut would; Unavailable while it is being started."""
        if self._child is None:
            raise Unavailable("notifier: is being started")
        self._child.signal(SIGKILL)

    async def close(self) -> None:
        """Let it drain and end."""
        if self._child is not None:
            await self._child.stop(SIGTERM, _STOP_LIMIT)
