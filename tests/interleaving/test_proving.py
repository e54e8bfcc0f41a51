"""Two processes that each prove a phone which the other parks: neither waits for the other for ever (R17)."""

from typing import Any

import msgspec
import pytest

from notifier.dispatch.batches import Due
from notifier.dispatch.recorder import Record
from notifier.domain.settlements import Done
from tests.interleaving.acts import Act, Story
from tests.interleaving.ground import Ground
from tests.interleaving.truths import forget_all
from tests.ledger.cast import NOW
from tests.ledger.parts import an_event, an_opening
from tests.ledger.scene import GONE, Scene

_MOST_STATEMENTS = 40


async def answer(scene: Scene, name: str, taken: int) -> Any:
    """Open an event for both phones; one push is taken, the other's token is gone."""
    opened = await scene.open(an_opening(an_event(name, matter=name)))
    records = [_record(due, taken=number == taken) for number, due in enumerate(opened.due)]
    return await scene.backend.recordings.record(records, NOW)


def _record(due: Due, *, taken: bool) -> Record:
    delivery = msgspec.structs.replace(due.delivery, doubtful=True)
    due = msgspec.structs.replace(due, delivery=delivery)
    return Record(due=due, settlement=Done() if taken else GONE, badge=due.badge, at=NOW)


async def take_first(scene: Scene, story: Story) -> Any:
    return await answer(scene, story["n"] + "-first", 0)


async def take_second(scene: Scene, story: Story) -> Any:
    return await answer(scene, story["n"] + "-second", 1)


async def pay_both(scene: Scene, story: Story) -> Any:
    owed = [msgspec.structs.replace(one, doubtful=True) for one in await scene.owed()]
    await scene.pay(*owed, taken=True)


@pytest.mark.holds("R17", "R13", "R14")
@pytest.mark.parametrize(
    ("first", "second"),
    [(take_first, take_second), (take_first, pay_both), (pay_both, take_first), (pay_both, pay_both)],
)
async def test_two_at_once_prove_what_the_other_parks_and_never_deadlock(
    ground: Ground, first: Act, second: Act
) -> None:
    for pause_at in range(_MOST_STATEMENTS):
        await forget_all(ground.pool)
        await ground.pool.execute(
            "update device set proven_at = null, parked_at = null, parked_reason = null; delete from deletion_brake"
        )
        stood_still, _ = await ground.play(first, second, pause_at)
        if not stood_still:
            return
    pytest.fail("the first never came to its end")
