"""Runs seeds: `python -m tests.simulation --seeds n [--first k]`, or one with its trace: `--seed k --trace`."""

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.run import Report, run_seed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="how many seeds to run")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--seed", type=int, help="run this one alone")
    parser.add_argument("--trace", action="store_true", help="print every step of it")
    asked = parser.parse_args()
    if asked.seed is not None:
        return _show(run_seed(asked.seed, with_trace=asked.trace))
    return _run_all(range(asked.first, asked.first + asked.seeds))


def _show(report: Report) -> int:
    for line in report.trace:
        print(line)
    print(f"seed {report.seed}: {report.steps} steps, trace {report.digest}")
    for violation in report.violations:
        print(f"  {violation}")
    return 1 if report.violations else 0


def _run_all(seeds: range) -> int:
    began, failed, steps = time.monotonic(), 0, 0
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for report in pool.map(run_seed, seeds, chunksize=8):
            steps += report.steps
            if report.violations:
                failed += 1
                _show(report)
                print(f"  repeat it with: python -m tests.simulation --seed {report.seed} --trace")
    took = time.monotonic() - began
    print(f"{len(seeds)} seeds from {seeds.start}: {failed} failed, {steps} steps, {took:.1f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
