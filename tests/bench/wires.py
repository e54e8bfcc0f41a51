"""Our lanes alone, against one simulator worker: as fast as they go, with slow replies, and beside stock aioapns."""

import asyncio
import json
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec

from notifier.simulators.credentials import make_credentials
from tests.simulators.child import Child, running

_TIMES = 3
_PATIENCE_SECONDS = 30
SLOW_SECONDS = 0.060


class Wire(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured; of each the median."""

    pushes_per_second: float
    cpu_us_per_push: float
    at_60ms_per_second: float
    aioapns_per_second: float
    over_tls_per_second: float
    """Ours in the circumstances of stock aioapns, which can do nothing else."""

    @property
    def ratio(self) -> float:
        """Ours to stock aioapns."""
        return self.over_tls_per_second / self.aioapns_per_second


async def measure_wire(seconds: float) -> Wire:
    """Run everything one after another."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        key, _ = make_credentials(home, "http://127.0.0.1:9/token")
        async with _simulator(key) as child:
            quick = [await _push("lanes", child.apns, key, seconds) for _ in range(_TIMES)]
            await child.order("PUT", "/providers/apns", {"condition": "up", "latency_seconds": SLOW_SECONDS})
            slow = [await _push("lanes", child.apns, key, seconds) for _ in range(_TIMES)]
        async with _simulator(key, "--tls-folder", folder) as child:
            trust = ("--ca-file", str(home / "ca.pem"))
            ours = [await _push("lanes", child.apns, key, seconds, *trust) for _ in range(_TIMES)]
            stock = [await _push("stock", child.apns, key, seconds, *trust) for _ in range(_TIMES)]
    return Wire(
        pushes_per_second=_median(quick),
        cpu_us_per_push=_median(quick, "cpu_us_per_push"),
        at_60ms_per_second=_median(slow),
        aioapns_per_second=_median(stock),
        over_tls_per_second=_median(ours),
    )


@asynccontextmanager
async def _simulator(key: Path, *flags: str) -> AsyncIterator[Child]:
    async with running("apns", "--control-port", "0", "--apns-key", str(key), "--no-phones", *flags) as child:
        yield child


def _median(runs: list[dict[str, float]], name: str = "pushes_per_second") -> float:
    return statistics.median_low([run[name] for run in runs])


async def _push(module: str, url: str, key: Path, seconds: float, *flags: str) -> dict[str, float]:
    command = (sys.executable, "-m", f"tests.bench.{module}", url, "--key-file", str(key), "--seconds", str(seconds))
    child = await asyncio.create_subprocess_exec(*command, *flags, stdout=asyncio.subprocess.PIPE)
    try:
        async with asyncio.timeout(seconds + _PATIENCE_SECONDS):
            output, _ = await child.communicate()
    finally:
        with suppress(ProcessLookupError):
            child.kill()
    if child.returncode:
        raise SystemExit(f"The bench of {module} failed: {output.decode().strip()}")
    measured: dict[str, float] = json.loads(output)
    return measured
