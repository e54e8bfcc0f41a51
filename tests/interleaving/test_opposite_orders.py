"""Large batches that name the same matters and people in opposite orders: sorted, they wait; unsorted, they deadlock."""

import asyncio

import pytest

from tests.interleaving.ground import Ground
from tests.interleaving.truths import find_untruths, forget_all
from tests.ledger.parts import an_event, an_opening
from tests.ledger.scene import Scene

_MATTERS, _ROUNDS = 200, 3


async def open_all(scene: Scene, number: int, at: int, *, backwards: bool) -> int:
    names = [f"{number}-{matter}" for matter in range(_MATTERS)]
    events = [an_event(f"{name}-{at}", at=at, matter=name) for name in (reversed(names) if backwards else names)]
    return len((await scene.open(*(an_opening(event) for event in events))).due)


@pytest.mark.holds("R5", "A23")
async def test_batches_in_opposite_orders_never_deadlock(ground: Ground) -> None:
    one, other = ground.scenes[0], ground.scenes[2]
    for _ in range(_ROUNDS):
        await forget_all(ground.pool)
        number = ground.next_number()
        await open_all(one, number, 1, backwards=False)
        await asyncio.gather(
            open_all(one, number, 2, backwards=False), open_all(other, number, 3, backwards=True)
        )
        assert await find_untruths(ground.pool) == []
