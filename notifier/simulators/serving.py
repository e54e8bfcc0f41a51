"""Starts and stops granian inside this process, one worker per address."""

import asyncio
import ctypes
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP2Settings
from granian.rsgi import Scope
from granian.server.embed import Server

from notifier.simulators.certificates import Certificates
from notifier.simulators.endpoint import Exchange

Application = Callable[[Scope, Exchange], Awaitable[None]]

PR_SET_PDEATHSIG = 1
START_SECONDS = 5.0
STOP_SECONDS = 0.2
# Requests in flight per worker: above what clients may open, so that silent answers never starve the others.
MOST_IN_FLIGHT = 100_000


def die_with_parent() -> None:
    """Let Linux end this process when the one that started it ends, however that came."""
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit(0)


def reserve_port(address: str, port: int) -> socket.socket:
    """Hold a port (0: any free one) so that granian, and nobody else, can listen on it; OSError if it is taken."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind((address, port))
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    held.bind((address, port))
    return held


@asynccontextmanager
async def serving(
    group: asyncio.TaskGroup,
    application: Application,
    held: socket.socket,
    certificates: Certificates | None,
    streams: int,
) -> AsyncIterator[None]:
    """Serve on a reserved port while the block runs; inside, the port answers.

    A server that ends by itself fails `group`.
    """
    address, port = held.getsockname()
    server = Server(
        application,
        address=address,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.auto,
        http2_settings=HTTP2Settings(max_concurrent_streams=streams),
        websockets=False,
        backlog=1024,
        backpressure=MOST_IN_FLIGHT,
        log_enabled=False,
        ssl_cert=certificates.chain if certificates else None,
        ssl_key=certificates.key if certificates else None,
        ssl_protocol_min=SSLProtocols.tls12,
    )
    task = group.create_task(_serve(server), name=f"serve {port}")
    try:
        await _wait_until_open(address, port, task)
        yield
    finally:
        stop: Callable[[], None] = server.stop
        stop()
        # Answers that are held back keep a worker alive; they are not waited for.
        await asyncio.wait({task}, timeout=STOP_SECONDS)
        task.cancel()
        held.close()


async def _serve(server: Server) -> None:
    await server.serve()
    if not server.interrupt_signal:
        raise OSError("a server ended by itself")


async def _wait_until_open(address: str, port: int, task: asyncio.Task[None]) -> None:
    async with asyncio.timeout(START_SECONDS):
        while not task.done():
            try:
                _, writer = await asyncio.open_connection(address, port)
            except ConnectionRefusedError:
                await asyncio.sleep(0.01)
                continue
            writer.close()
            return
    await task
