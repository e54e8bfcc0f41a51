"""Connections whose statements wait: the transaction before a chosen statement stands still until it is let go."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from notifier.postgres.pool import Pool

_STATEMENTS = ("execute", "executemany", "fetch", "fetchrow", "fetchval", "copy_records_to_table")


class Stepper:
    """Stands in for a pool; everything runs until `pause_at` statements are through."""

    def __init__(self, pool: Pool, pause_at: int) -> None:
        self._pool = pool
        self._left = pause_at
        self.paused = asyncio.Event()
        self.resumed = asyncio.Event()

    @asynccontextmanager
    async def acquire(self, timeout: float | None = None) -> AsyncIterator["SteppedConnection"]:
        async with self._pool.acquire(timeout=timeout) as connection:
            yield SteppedConnection(connection, self)

    async def step(self) -> None:
        if self._left == 0:
            self.paused.set()
            await self.resumed.wait()
        self._left -= 1


class SteppedConnection:
    """A connection that asks before each statement, and before COMMIT."""

    def __init__(self, connection: Any, stepper: Stepper) -> None:
        self._connection = connection
        self._stepper = stepper

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._connection, name)
        if name not in _STATEMENTS:
            return found

        async def stepped(*args: Any, **kwargs: Any) -> Any:
            await self._stepper.step()
            return await found(*args, **kwargs)

        return stepped

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        async with self._connection.transaction():
            yield
            await self._stepper.step()


async def settles(pool: Pool, task: "asyncio.Task[Any]") -> None:
    """Return when the task is done or waits for a lock."""
    while not task.done():
        waiting = await pool.fetchval(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        )
        if waiting:
            return
        await asyncio.sleep(0.002)
