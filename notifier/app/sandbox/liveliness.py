"""When the sandbox ends by itself."""

import asyncio
import os
from datetime import timedelta

_LOOK_EVERY = timedelta(milliseconds=500)


async def die_with_make(stop: asyncio.Event) -> None:
    """Set `stop` when the `make` that started us is gone, however it ended; without one wait for ever.

    Only make is followed: a shell that started us in the background may end long before us.
    """
    starter = os.getppid()
    while "MAKELEVEL" not in os.environ or os.getppid() == starter:  # noqa: ASYNC110 - a death sends no word
        await asyncio.sleep(_LOOK_EVERY.total_seconds())
    stop.set()
