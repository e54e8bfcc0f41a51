"""notifier as the process that it is: started with settings in its environment, asked over HTTP, ended by signals."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals

import aiohttp
import orjson

from notifier.embedded import launch
from notifier.embedded.ports import HOST, choose_port

_START_SECONDS, _END_SECONDS = 30.0, 25.0
_LOOK_SECONDS = 0.05
_ROOT = Path(__file__).resolve().parents[2]


class Service:
    """One `notifier run`; dies with the test process, whatever becomes of that."""

    def __init__(self, log: Path, environment: Mapping[str, str], *words: str) -> None:
        self.log = log
        self.port = choose_port(None)
        own = {"NOTIFIER_HTTP__INTERNAL_PORT": str(self.port)}
        self._environment = {"PATH": os.defpath, "PYTHONUTF8": "1", **environment, **own}
        self._words = words

    async def start(self) -> None:
        """Start the process."""
        launcher = (sys.executable, "-I", "-S", launch.__file__, str(os.getpid()), str(int(SIGKILL)), "-1", "-1")
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *launcher, *(sys.executable, "-m", "notifier", "run", *self._words),
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment, cwd=_ROOT,
            )  # fmt: skip

    async def ready(self) -> None:
        """Return when it says that it is ready."""
        async with asyncio.timeout(_START_SECONDS):
            while b"ready http" not in self.log.read_bytes():
                assert self._process.returncode is None, f"ended with {self._process.returncode}: {self.tail()}"
                await asyncio.sleep(_LOOK_SECONDS)

    async def ready_throughout(self) -> None:
        """Return when `/readyz` says that every part of it is ready."""
        async with asyncio.timeout(_START_SECONDS):
            while (await self.readiness()).get("ready") is not True:
                await asyncio.sleep(_LOOK_SECONDS)

    async def readiness(self) -> dict[str, object]:
        """Give what `/readyz` says; nothing while nobody listens."""
        try:
            answer: dict[str, object] = orjson.loads(await self.get("/readyz"))
        except (aiohttp.ClientError, OSError):
            return {}
        return answer

    async def get(self, path: str) -> bytes:
        """Ask the internal listener."""
        limit = aiohttp.ClientTimeout(total=5)
        url = f"http://{HOST}:{self.port}{path}"
        async with aiohttp.ClientSession(timeout=limit) as session, session.get(url) as answer:
            return await answer.read()

    async def ended(self, within: float = _END_SECONDS) -> int:
        """Give its exit code once it has ended by itself."""
        async with asyncio.timeout(within):
            return await self._process.wait()

    async def stop(self) -> int:
        """Ask it to end and give its exit code."""
        self.signal(SIGTERM)
        return await self.ended()

    async def kill(self) -> None:
        """End it as a power cut would; nothing where it has ended already."""
        if self._process.returncode is None:
            self.signal(SIGKILL)
        await self.ended()

    def signal(self, number: Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Say whether it runs."""
        return self._process.returncode is None

    def tail(self) -> str:
        """Give the end of what it said."""
        return self.log.read_text(errors="replace")[-2_000:]
