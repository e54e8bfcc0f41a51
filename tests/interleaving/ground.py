"""One database for all pairs, and where three readers of its topic stand."""

import asyncio
from typing import Any, cast

from notifier.postgres.pool import Pool
from tests.interleaving.acts import Act, prepare
from tests.interleaving.stepping import Stepper, settles
from tests.ledger.postgres_backend import PostgresBackend
from tests.ledger.scene import TOPIC, Scene


class Ground:
    """Plays pairs of acts, each on a story of its own."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.scenes = [Scene(PostgresBackend(pool), partition) for partition in range(3)]
        self._number = 0

    def next_number(self) -> int:
        self._number += 1
        return self._number

    async def settle_in(self) -> None:
        await PostgresBackend(self.pool).settle_in(TOPIC)
        await self.pool.execute("insert into intake_position values ($1, 1, 0, 0), ($1, 2, 0, 0)", TOPIC)

    async def play(self, first: Act, second: Act, pause_at: int) -> tuple[bool, list[Any]]:
        """Let the second act while the first stands still; say whether it stood still at all, and what both gave."""
        story = await prepare(self.scenes[0], self.next_number())
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
