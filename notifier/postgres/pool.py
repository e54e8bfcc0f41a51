"""The connections of one process: at most six, with timeouts, errors told apart by what to do about them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from notifier.domain.faults import Unavailable

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"

MOST_CONNECTIONS = 6
_RETRY_CLASSES = ("08", "40", "53", "55", "57")
"""SQLSTATE classes after which the whole is tried again (DESIGN 3)."""


async def _keep_session(_connection: object) -> None:
    """Reset nothing: no statement of ours leaves a session setting behind (TRAPS: set_config(…, true) only)."""


@asynccontextmanager
async def open_pool(dsn: str, application: str = "notifier") -> AsyncIterator[Pool]:
    """Connect; the first connection is made at once so that a wrong address is found at the start."""
    with unavailability():
        pool = await asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=MOST_CONNECTIONS,
            max_inactive_connection_lifetime=0,
            command_timeout=30,
            reset=_keep_session,
            server_settings={
                "application_name": application,
                "idle_in_transaction_session_timeout": "10s",
                "jit": "off",
                "plan_cache_mode": "force_generic_plan",
                "timezone": "UTC",
            },
        )
    try:
        yield pool
    finally:
        await _close(pool)


async def _close(pool: Pool) -> None:
    try:
        await asyncpg.compat.wait_for(pool.close(), 5)
    except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        pool.terminate()


@contextmanager
def unavailability() -> Iterator[None]:
    """Turn what a retry can mend into `Unavailable`, without the text that may hold values; others pass."""
    try:
        yield
    except asyncpg.PostgresError as fault:
        if (fault.sqlstate or "")[:2] in _RETRY_CLASSES:
            raise Unavailable(f"PostgreSQL: {type(fault).__name__}") from None
        raise
    except (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError) as fault:
        # The last is asyncpg's own confusion about a server that died under it: the connection is of no use.
        raise Unavailable(f"PostgreSQL: {type(fault).__name__}") from None


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Connection]:
    """Hold one connection and one transaction; it commits at the end of the block."""
    with unavailability():
        async with pool.acquire(timeout=10) as connection, connection.transaction():
            yield connection


@asynccontextmanager
async def connection(pool: Pool) -> AsyncIterator[Connection]:
    """Hold one connection, each statement its own transaction."""
    with unavailability():
        async with pool.acquire(timeout=10) as held:
            yield held
