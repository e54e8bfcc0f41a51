"""A command of notifier in a terminal of its own, whose keys can be typed and which can be closed."""

import asyncio
import os
import pty
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping

from tests.house.code import ROOT

# Becomes the command in a session whose terminal is the one it was given: no code of ours between fork and exec.
START = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "notifier", *sys.argv[1:]])
"""
LONGEST_WORDS = 4000


class Terminal:
    """A terminal with a command that runs in it."""

    def __init__(self, process: Process, master: int) -> None:
        self.process = process
        self._master: int | None = master
        self._said = bytearray()
        self._heard = asyncio.Event()
        asyncio.get_running_loop().add_reader(master, self._hear)

    @classmethod
    async def open(cls, command: str, environment: Mapping[str, str]) -> "Terminal":
        """Start the command in a new terminal."""
        master, slave = pty.openpty()
        words = (sys.executable, "-c", START, command)
        try:
            process = await asyncio.create_subprocess_exec(
                *words, cwd=ROOT, env=environment, stdin=slave, stdout=slave, stderr=slave
            )
        finally:
            os.close(slave)
        return cls(process, master)

    @property
    def text(self) -> str:
        """The last of what it has said."""
        return self._said[-LONGEST_WORDS:].decode(errors="replace")

    async def wait_for(self, words: str, within_seconds: float) -> None:
        """Return when it has said the words; fails when it ends before."""
        async with asyncio.timeout(within_seconds):
            while words.encode() not in self._said:
                assert self._master is not None, self.text
                self._heard.clear()
                await self._heard.wait()

    def type(self, keys: str) -> None:
        """Press the keys."""
        assert self._master is not None
        os.write(self._master, keys.encode())

    def close(self) -> None:
        """Close the window: whatever runs in it is told by SIGHUP, and what it says then is an error."""
        if self._master is not None:
            asyncio.get_running_loop().remove_reader(self._master)
            os.close(self._master)
            self._master = None
        self._heard.set()

    async def clear_away(self) -> None:
        """End what still runs."""
        self.close()
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    def _hear(self) -> None:
        assert self._master is not None
        try:
            self._said += os.read(self._master, 1 << 16)
        except OSError:  # the last who could say anything has ended
            self.close()
        self._heard.set()
