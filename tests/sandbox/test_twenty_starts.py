"""Twenty starts on one kept state, ended in every way that happens: each gets ready, and nothing is ever left."""

import asyncio
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from signal import SIGKILL, SIGTERM

import pytest

from notifier.domain.faults import Misconfigured
from notifier.embedded.locks import AT_ONCE, take
from notifier.embedded.ports import choose_port
from tests.embedded.processes import users_of
from tests.sandbox.terminal import Terminal

STARTS = 20
READY_SECONDS, GONE_SECONDS = 40, 10
"""Ready takes twelve seconds at most on a quiet machine; tests share theirs."""

ENDINGS: dict[str, tuple[Callable[[Terminal], None], int]] = {
    "Ctrl-C": (lambda terminal: terminal.type("\x03"), 0),
    "SIGTERM": (lambda terminal: terminal.process.send_signal(SIGTERM), 0),
    "closed terminal": (lambda terminal: terminal.close(), 0),
    "kill -9": (lambda terminal: terminal.process.kill(), -SIGKILL),
}
"""What is done, and the exit code that follows."""


@pytest.fixture
async def state() -> AsyncIterator[Path]:
    """Lend a state folder that PostgreSQL's owner can reach."""
    with tempfile.TemporaryDirectory(prefix="notifier-test-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "state"


@pytest.mark.slow
@pytest.mark.timeout(500)
@pytest.mark.holds("R43", "R45")
async def test_twenty_starts_get_ready_and_leave_nothing_however_they_end(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = _settings(state)
    figures: list[tuple[str, float, float]] = []
    for _, ending in zip(range(STARTS), itertools.cycle(ENDINGS), strict=False):
        figures.append((ending, *await _start_and_end(state, settings, ending)))
        with capsys.disabled():
            print("\n  {}: ready after {:.1f} s, gone after {:.1f} s".format(*figures[-1]), end="")
    later = [ready for _, ready, _ in figures[1:]]
    with capsys.disabled():
        print(f"\n  later starts ready after {statistics.median(later):.1f} s, at most {max(later):.1f} s")


async def _start_and_end(state: Path, settings: dict[str, str], ending: str) -> tuple[float, float]:
    """Start, end and find nothing left; give the seconds of both."""
    end, code = ENDINGS[ending]
    began = time.monotonic()
    terminal = await Terminal.open("sandbox", settings)
    try:
        await terminal.wait_for("notifier is ready", READY_SECONDS)
        ready = time.monotonic()
        end(terminal)
        assert await _await_end(terminal, state) == code, terminal.text
        gone = time.monotonic()
    finally:
        await terminal.clear_away()
    return ready - began, gone - ready


async def _await_end(terminal: Terminal, state: Path) -> int:
    """Wait until it and all that it started are gone and give its exit code; fails with what is left."""
    try:
        async with asyncio.timeout(GONE_SECONDS):
            code = await terminal.process.wait()
            while users_of(state) or not _are_locks_free(state):
                await asyncio.sleep(0.05)
            return code
    except TimeoutError:
        left = "\n".join(users_of(state))
        pytest.fail(f"after {GONE_SECONDS} s its code is {terminal.process.returncode}; left:\n{left}\n{terminal.text}")


def _are_locks_free(state: Path) -> bool:
    """Try the locks that a program and all that it started hold as long as one of them lives."""
    for lock in (state / "in-use", *state.glob("*/*.lock")):
        try:
            os.close(take(lock, AT_ONCE, "held"))
        except Misconfigured:
            return False
    return True


def _settings(state: Path) -> dict[str, str]:
    """Give each start the same ports, so that one that is still taken shows too."""
    port = choose_port()
    ours = {
        "NOTIFIER_STATE__DIR": str(state),
        "NOTIFIER_HTTP__PORT": str(port),
        "NOTIFIER_HTTP__INTERNAL_PORT": str(choose_port(avoid=port)),
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NOTIFIER_") or "CACHE" in name}
    return kept | ours
