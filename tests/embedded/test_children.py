import asyncio
import sys
import time
from datetime import timedelta
from pathlib import Path
from signal import SIGTERM

import pytest

from notifier.domain.faults import Misconfigured
from notifier.embedded.children import complete, start, start_until
from notifier.embedded.programs import Program

from .processes import is_alive, users_of

pytestmark = pytest.mark.holds("R43")

SECOND = timedelta(seconds=1)
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"


def python(home: Path, code: str) -> Program:
    return Program(name="child", command=(sys.executable, "-c", code, str(home)), home=home)


async def test_a_program_that_ignores_its_signal_is_killed_at_the_deadline(folder: Path) -> None:
    child = await start_until(python(folder, DEAF), "ready", 10 * SECOND)
    assert is_alive(child.pid)
    started = time.monotonic()
    await child.stop(SIGTERM, SECOND / 5)
    assert time.monotonic() - started < 3
    assert not is_alive(child.pid)


async def test_a_program_that_ends_while_starting_is_reported_with_its_last_words(folder: Path) -> None:
    with pytest.raises(Misconfigured, match=r"(?s)ended with 3 while starting.*no disk today"):
        await start_until(python(folder, "print('no disk today'); raise SystemExit(3)"), "ready", 10 * SECOND)


async def test_a_program_that_never_gets_ready_is_stopped_and_reported(folder: Path) -> None:
    with pytest.raises(Misconfigured, match=r"did not start within 0\.3 s"):
        await start_until(python(folder, "import time; time.sleep(60)"), "ready", 0.3 * SECOND)
    assert users_of(folder) == []


async def test_a_failed_task_is_reported_with_its_exit_code(folder: Path) -> None:
    await complete(python(folder, "pass"), 10 * SECOND)
    with pytest.raises(Misconfigured, match="ended with 7"):
        await complete(python(folder, "raise SystemExit(7)"), 10 * SECOND)


async def test_a_cancelled_start_leaves_nothing(folder: Path) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await start_until(python(folder, "import time; time.sleep(60)"), "ready", 30 * SECOND)
    assert users_of(folder) == []


async def test_nothing_of_our_environment_reaches_a_program(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "hush")
    program = python(folder, "import os; print('SECRET' in os.environ, 'PATH' in os.environ)")
    await complete(program, 10 * SECOND)
    assert program.log.read_text() == "False True\n"


async def test_children_are_not_started_from_other_threads(folder: Path) -> None:
    def elsewhere() -> None:
        asyncio.run(start(python(folder, "pass")))

    with pytest.raises(RuntimeError, match="main thread"):
        await asyncio.to_thread(elsewhere)
