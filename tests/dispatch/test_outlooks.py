"""What a batch is judged under when the business clock was moved: only the day of opening stays the real one (A34)."""

from datetime import UTC, datetime, timedelta

import pytest

from notifier.dispatch.circumstances import Outlooks, Surroundings
from notifier.domain.freshness import Freshness
from notifier.domain.policy import Policy
from notifier.wire.policy import load_policy
from tests.house.code import ROOT

FOLDER = ROOT / "schemas"
NIGHT = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
AHEAD = timedelta(days=10)


class Survey:
    """Everything complete, nothing halted."""

    async def survey(self) -> Surroundings:
        fresh = Freshness(residents_complete_to=NIGHT + AHEAD, proxies_complete_to=NIGHT + AHEAD)
        return Surroundings(freshness=fresh, halts=(), withheld_units=frozenset())


@pytest.fixture
def policy() -> Policy:
    return load_policy(
        {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*.json")}
    ).policy


@pytest.mark.holds("A34", "I2")
async def test_what_is_opened_under_a_moved_clock_is_dated_by_the_real_time(policy: Policy) -> None:
    around = await Outlooks(Survey(), policy, lambda: NIGHT, lambda: 0.0).at(NIGHT + AHEAD)
    assert around.now == NIGHT + AHEAD
    assert around.day == NIGHT.date()
