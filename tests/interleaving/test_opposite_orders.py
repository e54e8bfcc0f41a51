"""Large batches that name the same matters in opposite orders: sorted, they wait; unsorted, they deadlock."""

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest

from notifier.domain.plans import Opening
from notifier.postgres.pool import Pool
from tests.interleaving.ground import Ground
from tests.interleaving.stepping import Stepper
from tests.interleaving.truths import find_untruths, forget_all
from tests.ledger.parts import an_event, an_opening
from tests.ledger.postgres_backend import PostgresBackend
from tests.ledger.scene import Scene

_MATTERS, _ROUNDS = 600, 3
_AT_THE_LOCKS = 3
"""Position and both statements of the gate are through."""


def make_openings(number: int, at: int) -> list[Opening]:
    names = [f"{number}-{matter}" for matter in range(_MATTERS)]
    return [an_opening(an_event(f"{name}-{at}", at=at, matter=name), {}) for name in names]


async def open_together(ground: Ground, batches: Sequence[Sequence[Opening]]) -> None:
    """Let all stand before their locks, and then go at once."""
    steppers = [Stepper(ground.pool, _AT_THE_LOCKS - 1) for _ in batches]
    tasks = []
    for scene, stepper, batch in zip(ground.scenes[1:], steppers, batches, strict=True):
        scene.backend = PostgresBackend(cast("Pool", stepper))
        tasks.append(asyncio.create_task(scene.open(*batch)))
        await stepper.paused.wait()
    for stepper in steppers:
        stepper.resumed.set()
    await asyncio.gather(*tasks)


@pytest.mark.holds("R5", "A23")
async def test_batches_in_opposite_orders_never_deadlock(ground: Ground) -> None:
    first: Scene = ground.scenes[0]
    for _ in range(_ROUNDS):
        await forget_all(ground.pool)
        number = ground.next_number()
        await first.open(*make_openings(number, 1))
        await open_together(ground, [make_openings(number, 2), list(reversed(make_openings(number, 3)))])
        assert await find_untruths(ground.pool) == []
