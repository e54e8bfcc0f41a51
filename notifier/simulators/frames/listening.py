"""Listens with the frame-level server."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from notifier.simulators.certificates import Certificates
from notifier.simulators.frames.session import ALPN, Session
from notifier.simulators.frames.town import Town

BACKLOG = 1024


@asynccontextmanager
async def listening(town: Town, held: socket.socket, certificates: Certificates | None) -> AsyncIterator[None]:
    """Serve on a reserved port while the block runs; what is in flight at the end is cut off."""
    tls = None if certificates is None else _build_tls(certificates)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Session(town), sock=held, backlog=BACKLOG, ssl=tls)
    try:
        yield
    finally:
        server.close()
        for connection in tuple(town.connections):
            connection.cut()


def _build_tls(certificates: Certificates) -> ssl.SSLContext:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    tls.load_cert_chain(certificates.chain, certificates.key)
    tls.set_alpn_protocols([ALPN])
    return tls
