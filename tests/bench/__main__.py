"""`make bench`: the whole path on real Kafka and PostgreSQL, beside the frozen yardstick of the same run."""

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from tests.bench.filling import beating, fill, read_regions
from tests.bench.latency import measure_latency
from tests.bench.machine import describe_machine
from tests.bench.outcomes import close_account
from tests.bench.people import make_people
from tests.bench.report import GATE_RATE, Figures, judge, write_json, write_table
from tests.bench.stage import SCHEMAS, open_stage
from tests.bench.stories import Storyteller
from tests.bench.throughput import measure_throughput
from tests.bench.wires import measure_wire
from tests.bench.yardstick import measure_yardstick

_INTERRUPTED = 130


def main() -> int:
    """Measure, print and store; 1 if a gate is missed and `--gate` was given."""
    flags = read_flags()
    figures = uvloop.run(measure(flags))
    print(write_table(figures))
    flags.json.parent.mkdir(parents=True, exist_ok=True)
    flags.json.write_bytes(write_json(figures))
    print(f"all of it: {flags.json}")
    missed = any(one.missed for one in judge(figures))
    return 1 if missed and flags.gate else 0


def read_flags() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    add = parser.add_argument
    add("--residents", type=int, default=100_000)
    add("--events", type=int, default=100_000, help="records of the run that measures throughput")
    add("--rate", type=float, nargs="*", default=[GATE_RATE], help="events/s of the runs that measure latency")
    add("--seconds", type=float, default=20, help="of each of them")
    add("--quick", action="store_true", help="the yardstick runs 3 x 3 s instead of 3 x 10 s")
    add("--json", type=Path, default=Path("build/bench.json"))
    add("--gate", action="store_true", help="exit 1 if a gate is missed")
    add("--profile", type=Path, metavar="FILE", help="where notifier spends its CPU in the throughput run")
    return parser.parse_args()


async def measure(flags: argparse.Namespace) -> Figures:
    """Measure one after another on one stage."""
    machine, run = describe_machine(), "run" + "".join(chr(97 + int(digit)) for digit in str(time.time_ns() // 10**6))
    async with open_stage() as stage:
        tell(f"durability {stage.durability}")
        yardstick = await measure_yardstick(stage, 3 if flags.quick else 10)
        tell(f"yardstick {yardstick.pushes_per_second:,.0f} pushes/s")
        wire = await measure_wire(2 if flags.quick else 5)
        tell(f"lanes alone {wire.pushes_per_second:,.0f} pushes/s, stock aioapns {wire.aioapns_per_second:,.0f}")
        people = make_people(flags.residents, read_regions(), datetime.now(UTC).date())
        async with beating(stage):
            filled = await fill(stage, people)
            tell(f"filled {filled}")
            teller, latencies = Storyteller(people, SCHEMAS, run), []
            for rate in flags.rate:
                latencies.append(await measure_latency(stage, teller, rate, flags.seconds, None))
                tell(f"p99 {latencies[-1].p99:,.0f} ms at {rate:g} events/s")
            throughput = await measure_throughput(stage, teller, flags.events, flags.profile)
            tell(f"{throughput.events_per_second:,.0f} events/s")
            produced = throughput.events + sum(one.produced for one in latencies)
            account = await close_account(stage, produced)
        return Figures(
            machine=machine,
            durability=stage.durability,
            yardstick=yardstick,
            wire=wire,
            filled=filled,
            latencies=latencies,
            throughput=throughput,
            account=account,
        )


def tell(line: str) -> None:
    """Say how far it is."""
    print(f"{datetime.now(UTC):%H:%M:%S} {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
