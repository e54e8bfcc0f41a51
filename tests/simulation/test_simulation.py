"""A hundred seeds of the whole path over fakes; `make simulate SEEDS=n` runs as many as one likes."""

import os
import subprocess
import sys

import pytest

from tests.simulation.run import run_seed


@pytest.mark.holds(
    "I1", "I2", "I3", "I7", "I9", "I12", "R2", "R5", "R14", "R17", "B6", "B12", "A24", "A25", "A29", "A30"
)
@pytest.mark.parametrize("first", range(1, 101, 10))
def test_whatever_happens_nothing_is_lost_doubled_or_told_to_the_wrong_person(first: int) -> None:
    broken = {seed: report.violations for seed in range(first, first + 10) if (report := run_seed(seed)).violations}
    assert broken == {}, "repeat one with: python -m tests.simulation --seed <seed> --trace"


@pytest.mark.holds("R5")
def test_the_same_seed_gives_the_same_trace_in_any_process() -> None:
    here = run_seed(7)
    command = [sys.executable, "-m", "tests.simulation", "--seed", "7"]
    other = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": "3"})
    assert f"{here.steps} steps, trace {here.digest}" in other.stdout
    assert run_seed(8).digest != here.digest
