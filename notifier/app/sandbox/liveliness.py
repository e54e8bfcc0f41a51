"""When the sandbox ends by itself: with the make that started it, and with its terminal."""

import asyncio
import os
from datetime import timedelta

_LOOK_EVERY = timedelta(milliseconds=500)
_STREAMS = (0, 1, 2)


async def outlive_nobody(stop: asyncio.Event) -> None:
    """Set `stop` when the `make` that started us is gone, or our terminal is closed, however that came.

    Of starters only make is followed: a shell that started us in the background may end long before us. A terminal
    sends its signal to the leader of its session alone, and that may be a make which waits for us.
    """
    starter = os.getppid() if "MAKELEVEL" in os.environ else None
    terminals = [stream for stream in _STREAMS if os.isatty(stream)]
    while starter in (None, os.getppid()) and all(os.isatty(stream) for stream in terminals):  # noqa: ASYNC110
        await asyncio.sleep(_LOOK_EVERY.total_seconds())
    stop.set()
