"""`notifier sandbox` as a process of its own, with its page open to a browser."""

import asyncio
import os
import sys
import tempfile
import time
from asyncio.subprocess import STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from signal import SIGINT

from notifier.embedded.ports import HOST, choose_port
from tests.embedded.processes import users_of
from tests.house.code import ROOT

OPEN_SECONDS, STOPPED_SECONDS = 90, 20
"""Ten and three on a quiet machine; tests share theirs."""


class Sandbox:
    """A running sandbox."""

    def __init__(self, process: Process, port: int, said: Path) -> None:
        self.process = process
        self.url = f"http://{HOST}:{port}/sandbox"
        self._port = port
        self._said = said

    @property
    def log(self) -> str:
        """All that it has said so far."""
        return self._said.read_text("utf-8", errors="replace")

    async def wait_until_open(self) -> None:
        """Return when its page can be had."""
        deadline = time.monotonic() + OPEN_SECONDS
        while (answer := await asyncio.to_thread(self._ask)) != 200:
            assert self.process.returncode is None, f"ended with {self.process.returncode}:\n{self.log}"
            assert time.monotonic() < deadline, f"{self.url} answers {answer}:\n{self.log}"
            await asyncio.sleep(0.2)

    def _ask(self) -> int | str:
        connection = HTTPConnection(HOST, self._port, timeout=5)
        try:
            connection.request("GET", "/sandbox")
            return connection.getresponse().status
        except (OSError, HTTPException) as fault:
            return str(fault)
        finally:
            connection.close()


@asynccontextmanager
async def run_sandbox() -> AsyncIterator[Sandbox]:
    """Run a sandbox for the block, then end it as Ctrl-C does; nothing may be left of it."""
    with tempfile.TemporaryDirectory(prefix="notifier-test-") as name:
        folder = Path(name)
        # PostgreSQL's owner must be able to reach the state inside.
        folder.chmod(0o711)
        port = choose_port()
        process = await _start(folder, port)
        sandbox = Sandbox(process, port, folder / "said")
        try:
            await sandbox.wait_until_open()
            yield sandbox
            await _stop(sandbox)
            assert users_of(folder) == []
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def _start(folder: Path, port: int) -> Process:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NOTIFIER_") or "CACHE" in name}
    ours = {
        "NOTIFIER_STATE__DIR": str(folder / "state"),
        "NOTIFIER_HTTP__PORT": str(port),
        "NOTIFIER_HTTP__INTERNAL_PORT": str(choose_port(avoid=port)),
    }
    command = (sys.executable, "-m", "notifier", "sandbox")
    with (folder / "said").open("wb") as said:
        return await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=kept | ours, stdout=said, stderr=STDOUT)


async def _stop(sandbox: Sandbox) -> None:
    assert sandbox.process.returncode is None, f"ended by itself:\n{sandbox.log}"
    sandbox.process.send_signal(SIGINT)
    async with asyncio.timeout(STOPPED_SECONDS):
        await sandbox.process.wait()
    assert sandbox.process.returncode == 0, sandbox.log
