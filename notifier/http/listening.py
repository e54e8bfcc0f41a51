"""A listener as a block: bound before it begins, gone after it ends."""

import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from notifier.domain.faults import Misconfigured

_LONGEST_GOODBYE_SECONDS = 2.0


@asynccontextmanager
async def listen(
    application: web.Application, host: str, port: int, name: str = "HTTP__INTERNAL_PORT"
) -> AsyncIterator[int]:
    """Listen for the block and give the port (of port 0 the one that was found).

    Misconfigured, with the name of the setting, if it cannot be had.
    """
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=_LONGEST_GOODBYE_SECONDS)
    await runner.setup()
    try:
        await _bind(runner, host, port, name)
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def _bind(runner: web.AppRunner, host: str, port: int, name: str) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise Misconfigured(_explain(error, host, port, name)) from None


def _explain(error: OSError, host: str, port: int, name: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is taken: stop what listens there, or choose another port ({name})."
    if error.errno == errno.EACCES:
        return f"Port {port} of {host} may not be used by this user: choose one above 1023."
    return f"{host} is no address of this machine: choose another ({name.replace('PORT', 'HOST')})."
