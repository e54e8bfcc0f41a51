"""The processes that are measured: notifier and its courier, watched from outside through /proc and /metrics."""

import asyncio
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from signal import SIGKILL, SIGTERM

import msgspec
from prometheus_client.parser import text_string_to_metric_families

from notifier.embedded import launch
from notifier.embedded.ports import HOST, choose_port
from tests.bench.stage import Stage

_START_SECONDS, _STOP_SECONDS = 30, 25
_LOOK_SECONDS = 0.1
_TICKS = os.sysconf("SC_CLK_TCK")
_HERE = Path(__file__).resolve()
Metrics = Mapping[str, float]
"""Samples by `name{label=value,...}`."""


class Look(msgspec.Struct, frozen=True):
    """CPU that both processes have used up to an instant of the wall clock."""

    at_seconds: float
    cpu_seconds: float


class Measured:
    """A notifier that runs."""

    def __init__(self, running: subprocess.Popen[bytes], port: int) -> None:
        self._running = running
        self._port = port
        self._looks: list[Look] = []
        self._courier: int | None = None
        self.peak_mib = 0.0
        """Of both together; of notifier alone it is 50 less (A38)."""

    def cpu_between(self, first_seconds: float, last_seconds: float) -> float:
        """Give the CPU seconds used between two instants of the wall clock, to a tenth of a second."""
        return self._cpu_at(last_seconds) - self._cpu_at(first_seconds)

    def require_life(self) -> None:
        """Fail at once when it has ended by itself."""
        if self._running.poll() is not None:
            raise SystemExit(f"notifier ended with {self._running.returncode}; its log is above.")

    async def scrape(self) -> Metrics:
        """Read /metrics."""
        text = (await asyncio.to_thread(self._get, "metrics")).decode()
        samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
        return {f"{one.name}{{{','.join(f'{k}={v}' for k, v in one.labels.items())}}}": one.value for one in samples}

    async def await_life(self) -> None:
        """Return when it serves."""
        await self._await_page("livez")

    async def await_readiness(self) -> None:
        """Return when it is ready: before the first heartbeats of both projections everything would be held (A8)."""
        await self._await_page("readyz")

    async def _await_page(self, page: str) -> None:
        async with asyncio.timeout(_START_SECONDS):
            while True:
                self.require_life()
                with suppress(OSError):
                    await asyncio.to_thread(self._get, page)
                    return
                await asyncio.sleep(_LOOK_SECONDS)

    async def watch(self) -> None:
        """Look at CPU and memory until cancelled."""
        while True:
            self._look()
            await asyncio.sleep(_LOOK_SECONDS)

    async def stop(self) -> None:
        """Let it drain and end."""
        self._look()
        if self._running.poll() is not None:
            return
        self._running.send_signal(SIGTERM)
        try:
            await asyncio.to_thread(self._running.wait, _STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._running.send_signal(SIGKILL)
            self._running.wait()

    def _get(self, page: str) -> bytes:
        with urllib.request.urlopen(f"http://{HOST}:{self._port}/{page}", timeout=5) as answer:
            content: bytes = answer.read()
        return content

    def _look(self) -> None:
        with suppress(OSError, ValueError, IndexError):
            self._courier = self._courier or _find_child(self._running.pid)
            pids = [self._running.pid, *([self._courier] if self._courier else [])]
            self._looks.append(Look(time.time(), sum(map(_read_cpu_seconds, pids))))
            self.peak_mib = sum(map(_read_peak_mib, pids))

    def _cpu_at(self, at_seconds: float) -> float:
        return min(self._looks, key=lambda look: abs(look.at_seconds - at_seconds)).cpu_seconds


def _find_child(pid: int) -> int | None:
    stats = (folder / "stat" for folder in Path("/proc").iterdir() if folder.name.isdecimal())
    for stat in stats:
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                return int(stat.parent.name)
    return None


def _read_cpu_seconds(pid: int) -> float:
    used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(used[11]) + int(used[12])) / _TICKS


def _read_peak_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


@asynccontextmanager
async def run_notifier(stage: Stage, *words: str, profile: Path | None = None) -> AsyncIterator[Measured]:
    """Run notifier as a process of its own for the block; with `profile`, its samples go to that file."""
    port = choose_port(None)
    log = stage.folder / "notifier.log"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NOTIFIER_")}
    environment = {**inherited, **stage.environment(port), **_profiling(profile)}
    with log.open("ab") as output:
        launcher = (sys.executable, "-I", "-S", launch.__file__, str(os.getpid()), str(int(SIGKILL)), "-1", "-1")
        running = subprocess.Popen(
            (*launcher, sys.executable, "-m", "notifier", "run", *words),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    measured = Measured(running, port)
    watch = asyncio.create_task(measured.watch())
    try:
        await measured.await_life()
        yield measured
    except (Exception, SystemExit):
        sys.stderr.writelines(f"{line}\n" for line in log.read_text(errors="replace").splitlines()[-20:])
        raise
    finally:
        watch.cancel()
        await measured.stop()


def _profiling(profile: Path | None) -> dict[str, str]:
    if profile is None:
        return {}
    return {"BENCH_PROFILE": str(profile.resolve()), "PYTHONPATH": str(_HERE.parent / "profiling")}
