"""The short form of `make chaos`."""

import pytest

from tests.whole.chaos import run_chaos
from tests.whole.faults import FAULTS
from tests.whole.stage import Stage, run_stage


@pytest.mark.holds("I1", "I2", "I3", "I12", "R2", "R5", "R14", "B10", "B24", "A6", "A22", "A29")
@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_thousands_of_events_and_two_deaths_leave_everything_whole(stage: Stage) -> None:
    await run_chaos(stage, "chaos", events=5_000, kills=2, seed=7)


@pytest.mark.holds("R12", "R13", "I3", "I12", "A29")
@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_providers_that_misbehave_in_every_way_and_a_death_leave_everything_whole() -> None:
    async with run_stage("--frames") as stage:
        await run_chaos(stage, "faults", events=8_000, kills=1, seed=7, faults=FAULTS)
