"""Two transactions at once, the first standing still before each of its statements in turn, and before its COMMIT."""

import pytest

from tests.interleaving.acts import (
    Act,
    accept,
    accept_abandoned,
    accept_first,
    claim,
    claim_and_accept,
    claim_and_stop,
    doubt,
    doubt_abandoned,
    end_due,
    expire,
    fail_first,
    fail_second,
    forbid,
    judge_held,
    mend,
    open_abandoned,
    open_bare,
    open_copy,
    open_fresh,
    open_newer,
    pay,
    read,
    read_bare,
    read_fresh,
    withdraw,
)
from tests.interleaving.ground import Ground
from tests.interleaving.truths import find_untruths, forget_all

_MOST_STATEMENTS = 40
PAIRS: list[tuple[Act, Act]] = [
    (open_newer, open_newer),
    (open_copy, open_copy),
    (open_newer, read),
    (open_bare, read_bare),
    (open_fresh, read_fresh),
    (open_fresh, open_fresh),
    (open_newer, accept),
    (open_newer, doubt),
    (open_newer, fail_first),
    (open_newer, forbid),
    (open_newer, judge_held),
    (open_newer, end_due),
    (read, withdraw),
    (read, accept),
    (read, doubt),
    (read, fail_first),
    (read, claim),
    (read, judge_held),
    (read, end_due),
    (read, forbid),
    (read, pay),
    (accept_first, fail_second),
    (fail_first, fail_second),
    (accept, end_due),
    (accept, expire),
    (accept, forbid),
    (claim, claim),
    (claim, forbid),
    (claim, doubt),
    (claim_and_stop, claim_and_accept),
    (claim_and_stop, end_due),
    (judge_held, judge_held),
    (judge_held, forbid),
    (mend, mend),
    (mend, accept_abandoned),
    (mend, doubt_abandoned),
    (mend, open_abandoned),
    (mend, open_newer),
    (mend, read),
    (mend, forbid),
    (pay, pay),
    (pay, forbid),
]
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
