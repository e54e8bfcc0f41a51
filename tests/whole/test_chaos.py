"""The short form of `make chaos`."""

import pytest

from tests.whole.chaos import run_chaos
from tests.whole.stage import Stage


@pytest.mark.holds("I1", "I2", "I3", "I12", "R2", "R5", "R14", "B10", "B24", "A6", "A22", "A29")
@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_thousands_of_events_and_two_deaths_leave_everything_whole(stage: Stage) -> None:
    await run_chaos(stage, "chaos", events=5_000, kills=2, seed=7)
