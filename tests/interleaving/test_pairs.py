"""Two transactions at once, the first standing still before each of its statements in turn, and before its COMMIT."""

import pytest

from tests.interleaving.acts import PAIRS, Act
from tests.interleaving.ground import Ground
from tests.interleaving.truths import find_untruths, forget_all

_MOST_STATEMENTS = 40
ORDERED = list(dict.fromkeys(pair for first, second in PAIRS for pair in ((first, second), (second, first))))


@pytest.mark.holds("I2", "I3", "I9", "I12", "R2", "R5", "R14", "B6", "B12", "A22", "A23", "A25", "A30")
@pytest.mark.parametrize(("first", "second"), ORDERED, ids=lambda act: act.__name__)
async def test_two_at_once_lose_nothing_and_never_deadlock(ground: Ground, first: Act, second: Act) -> None:
    broken = []
    for pause_at in range(_MOST_STATEMENTS):
        await forget_all(ground.pool)
        stood_still, results = await ground.play(first, second, pause_at)
        broken += [f"before statement {pause_at + 1}: {untruth}" for untruth in await find_untruths(ground.pool)]
        if first is second and isinstance(results[0], list):
            assert not set(results[0]) & set(results[1]), "the same was claimed twice"
        if not stood_still:
            assert broken == []
            return
    pytest.fail("the first never came to its end")
