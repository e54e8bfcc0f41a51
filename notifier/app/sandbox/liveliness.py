"""When the sandbox ends by itself: with the make that started it, and with its terminal."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

_LOOK_EVERY = timedelta(milliseconds=500)
_STREAMS = (0, 1, 2)


async def outlive_nobody(stop: asyncio.Event) -> None:
    """Set `stop` when the `make` that started us is gone or was interrupted, or our terminal is closed.

    Of starters only make is followed: a shell that started us in the background may end long before us. A terminal
    sends its signals to its group and to the leader of its session; a make that alone gets one waits for us.
    """
    starter = os.getppid() if "MAKELEVEL" in os.environ else None
    terminals = [stream for stream in _STREAMS if os.isatty(stream)]
    caught = _caught(starter)
    while starter in (None, os.getppid()) and all(os.isatty(stream) for stream in terminals):
        await asyncio.sleep(_LOOK_EVERY.total_seconds())
        if caught & ~_caught(starter):
            break
    stop.set()


def _caught(process: int | None) -> int:
    """Give the signals that a process handles, a bit for each: make lets go of one that it has had.

    None where Linux does not tell.
    """
    try:
        lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1], 16) for line in lines if line.startswith("SigCgt:")), 0)
