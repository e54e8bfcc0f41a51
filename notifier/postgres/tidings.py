"""Hearing at once, in every process, for whom something tightened (A30)."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

import asyncpg

from notifier.domain.identifiers import PersonId

CHANNEL = "tightened"


async def listen(dsn: str, heard: Callable[[Collection[PersonId]], Awaitable[None]]) -> None:
    """Tell the lanes for as long as the connection lasts; ends when it is lost, raises OSError where none comes."""
    arrived: asyncio.Queue[str | None] = asyncio.Queue(maxsize=10_000)
    connection = await asyncpg.connect(dsn, timeout=10, server_settings={"application_name": "notifier tidings"})
    try:
        connection.add_termination_listener(lambda _connection: arrived.put_nowait(None))
        await connection.add_listener(CHANNEL, lambda _c, _pid, _channel, payload: arrived.put_nowait(str(payload)))
        while (payload := await arrived.get()) is not None:
            await heard({PersonId(int(one)) for one in payload.split(",") if one})
    finally:
        await connection.close(timeout=2)
