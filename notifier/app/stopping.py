"""When a process is to end."""

import asyncio
import signal


def stop_on(*signals: signal.Signals) -> asyncio.Event:
    """Give an event that SIGTERM, SIGINT and these set, in a running loop."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, *signals):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
