"""The frozen yardstick in the same run: the median of three, with Kafka and PostgreSQL up but idle (A38)."""

import asyncio
import json
import statistics
import sys
from contextlib import suppress
from pathlib import Path

import msgspec

from tests.bench.stage import Stage

_WIRE = Path(__file__).with_name("wire.py")
_TIMES = 3


class Yardstick(msgspec.Struct, frozen=True, kw_only=True):
    """What pyreqwest alone can push here."""

    pushes_per_second: float
    cpu_us_per_push: float
    seconds: float
    each: tuple[float, ...]


async def measure_yardstick(stage: Stage, seconds: float) -> Yardstick:
    """Run it three times."""
    runs = [await _run(stage, seconds) for _ in range(_TIMES)]
    median = statistics.median_low([run["pushes_per_second"] for run in runs])
    chosen = next(run for run in runs if run["pushes_per_second"] == median)
    each = tuple(run["pushes_per_second"] for run in runs)
    return Yardstick(**chosen, seconds=seconds, each=each)


async def _run(stage: Stage, seconds: float) -> dict[str, float]:
    flags = ("--seconds", str(seconds), "--key-file", str(stage.apns_key))
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(_WIRE), stage.push, *flags, stdout=asyncio.subprocess.PIPE
    )
    try:
        output, _ = await child.communicate()
    finally:
        with suppress(ProcessLookupError):
            child.kill()
    if child.returncode:
        raise SystemExit("The yardstick failed.")
    measured: dict[str, float] = json.loads(output)
    return measured
