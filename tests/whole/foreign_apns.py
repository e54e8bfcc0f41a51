"""An APNs server that shares nothing with ours: Node's HTTP/2, with rules written from Apple's pages (protocols 2)."""

import asyncio
import os
import shutil
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from signal import SIGKILL

import msgspec
import orjson

from notifier.embedded import launch
from tests.whole.apns_files import write_files

KEY_ID, TEAM_ID, TOPIC = "FOREIGNKEY", "FOREIGNTEA", "se.example.foreign"
_SERVER = Path(__file__).with_name("apns_server.mjs")
_LIMIT_SECONDS = 20
_LOOK_SECONDS = 0.05


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What the server took; `refusals` are its own words of whatever it did not take."""

    accepted: int
    ids: int
    """Different apns-ids among them."""
    connections: int
    kinds: Mapping[str, int]
    refusals: Sequence[object] = ()


class ForeignApns:
    """A running server."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path, files: Mapping[str, str]) -> None:
        self._process, self._log, self._files = process, log, files
        self._port = 0

    @property
    def settings(self) -> dict[str, str]:
        """Give all that an operator sets for it."""
        return {
            "APNS__URL": f"https://localhost:{self._port}",
            "APNS__CA_FILE": self._files["authority"],
            "APNS__KEY_FILE": self._files["team"],
            "APNS__KEY_ID": KEY_ID,
            "APNS__TEAM_ID": TEAM_ID,
            "APNS__TOPIC": TOPIC,
        }

    async def listen(self) -> None:
        """Return when it listens."""
        async with asyncio.timeout(_LIMIT_SECONDS):
            while not self._log.read_bytes().endswith(b"\n"):
                assert self._process.returncode is None
                await asyncio.sleep(_LOOK_SECONDS)
        self._port = self._read()[0]["port"]

    async def end(self) -> Taken:
        """End it and give what it took."""
        if self._process.returncode is None:
            self._process.terminate()
        async with asyncio.timeout(_LIMIT_SECONDS):
            await self._process.wait()
        _, *refusals, counts = self._read()
        return msgspec.convert(counts | {"refusals": refusals}, Taken)

    def _read(self) -> list[dict[str, int]]:
        return [orjson.loads(line) for line in self._log.read_bytes().splitlines()]


def find_node() -> str | None:
    """Give where Node is; None where this machine has none."""
    return shutil.which("node") or shutil.which("nodejs")


@asynccontextmanager
async def run_foreign_apns(folder: Path, **conditions: object) -> AsyncIterator[ForeignApns]:
    """Run a server with an authority and a team key of its own; `conditions` are streams, settings and tls."""
    files = write_files(folder)
    given = files | {"keyId": KEY_ID, "teamId": TEAM_ID, "topic": TOPIC} | conditions
    launcher = (sys.executable, "-I", "-S", launch.__file__, str(os.getpid()), str(int(SIGKILL)), "-1", "-1")
    command = (find_node() or "node", str(_SERVER), orjson.dumps(given).decode())
    with (folder / "apns.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(*launcher, *command, stdin=DEVNULL, stdout=log, stderr=log)
    server = ForeignApns(process, folder / "apns.log", files)
    try:
        await server.listen()
        yield server
    finally:
        if process.returncode is None:
            process.kill()
        async with asyncio.timeout(_LIMIT_SECONDS):
            await process.wait()
