"""Two transactions at once, the first standing still before each of its statements in turn, and before its COMMIT."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from notifier.postgres.pool import Pool, open_pool
from tests.interleaving.acts import PAIRS, Act, prepare
from tests.interleaving.stepping import Stepper, settles
from tests.interleaving.truths import find_untruths, forget_all
from tests.ledger.postgres_backend import PostgresBackend
from tests.ledger.scene import TOPIC, Scene
from tests.postgres import Databases

_MOST_STATEMENTS = 40
ORDERED = [pair for first, second in PAIRS for pair in {(first, second): 0, (second, first): 0}]


class Ground:
    """One database for all pairs, and where three readers stand in it."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.number = 0
        self.scenes = [Scene(PostgresBackend(pool), partition) for partition in range(3)]

    async def settle_in(self) -> None:
        await PostgresBackend(self.pool).settle_in(TOPIC)
        await self.pool.execute("insert into intake_position values ($1, 1, 0, 0), ($1, 2, 0, 0)", TOPIC)

    async def play(self, first: Act, second: Act, pause_at: int) -> tuple[bool, list[Any]]:
        """Let the second act while the first stands still; say whether it stood still at all, and what both gave."""
        self.number += 1
        story = await prepare(self.scenes[0], self.number)
        stepper = Stepper(self.pool, pause_at)
        self.scenes[1].backend = PostgresBackend(cast("Pool", stepper))
        one = asyncio.create_task(first(self.scenes[1], story))
        pausing = asyncio.create_task(stepper.paused.wait())
        await asyncio.wait([one, pausing], return_when=asyncio.FIRST_COMPLETED)
        stood_still = stepper.paused.is_set()
        pausing.cancel()
        other = asyncio.create_task(second(self.scenes[2], story))
        await settles(self.pool, other)
        stepper.resumed.set()
        async with asyncio.timeout(20):
            return stood_still, [await one, await other]


@pytest.fixture(scope="module")
async def ground(postgres_server: Databases) -> AsyncIterator[Ground]:
    async with postgres_server.fresh() as dsn, open_pool(dsn, "interleaving") as pool:
        ground = Ground(pool)
        await ground.settle_in()
        yield ground


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
            break
    assert broken == []
