"""A proxy before PostgreSQL that loses the reply of a COMMIT: the server has done it, the client never hears."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

_COMMITTED = b"C\x00\x00\x00\x0bCOMMIT\x00"
"""The message `CommandComplete` of the protocol, with its tag."""
_CHUNK = 1 << 16


class LossyProxy:
    """Passes bytes on; while armed it cuts a connection at every n-th COMMIT, before the client hears of it."""

    def __init__(self, port: int) -> None:
        self._upstream = port
        self._every = 0
        self._seen = 0
        self.cuts = 0

    def arm(self, every: int) -> None:
        """Cut from now on."""
        self._every = every

    def disarm(self) -> None:
        """Pass everything on."""
        self._every = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join one client with the server until either ends."""
        try:
            answers, questions = await asyncio.open_connection("127.0.0.1", self._upstream)
        except OSError:
            writer.close()
            return
        ways = [asyncio.create_task(_pass_on(reader, questions)), asyncio.create_task(self._answer(answers, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            questions.close()
            writer.close()

    async def _answer(self, answers: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await answers.read(_CHUNK):
                if self._loses(chunk):
                    return
                writer.write(chunk)
                await writer.drain()

    def _loses(self, chunk: bytes) -> bool:
        if not self._every or _COMMITTED not in chunk:
            return False
        self._seen += 1
        lost = self._seen % self._every == 0
        self.cuts += lost
        return lost


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()


@asynccontextmanager
async def run_lossy_proxy(dsn: str) -> AsyncIterator[tuple[LossyProxy, str]]:
    """Serve for the block; give the proxy and the address of the database behind it."""
    parts = urlsplit(dsn)
    assert parts.port is not None
    proxy = LossyProxy(parts.port)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield proxy, dsn.replace(f":{parts.port}/", f":{port}/")
    finally:
        server.close()
