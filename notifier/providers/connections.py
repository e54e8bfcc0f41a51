"""Connections to one provider: each one client, warmed by one request, bounded, and renewed before it fails."""

import asyncio
from contextlib import suppress
from datetime import datetime

import msgspec

from notifier.dispatch.waiters import Waiters
from notifier.providers.exchanges import exchange
from notifier.providers.routes import Route, build_client, read_authority
from notifier.wire.exchange import Failure, Reply, Request

MOST_TIMEOUTS = 500
"""After 700 to 1,500 late answers to ended streams a client kills its own connection (TRAPS)."""
SETTLING_SECONDS = 0.2
"""A process that leaves sooner after closing may abort or hang (TRAPS)."""


class Bearer(msgspec.Struct, frozen=True, kw_only=True):
    """The value of an authorization header, and since when it is used."""

    value: str
    since: datetime


class Connection:
    """One HTTP/2 connection; what it was authorized with goes when it goes."""

    def __init__(self, route: Route, authority: bytes | None) -> None:
        self.in_flight = 0
        self.bearer: Bearer | None = None
        self._url = route.url.rstrip("/")
        self._client = build_client(route, authority)
        self._timeouts = 0
        self._retired = False
        self._warm = False
        self._first: asyncio.Event | None = None

    @property
    def worn(self) -> bool:
        """Say whether a new one must take its place: the provider wants that, or it has seen too many time-outs."""
        return self._retired or self._timeouts >= MOST_TIMEOUTS

    def retire(self) -> None:
        """Let a new one take its place when its requests have ended."""
        self._retired = True

    async def exchange(self, request: Request, bearer: str) -> Reply | Failure:
        """Send one push; on a cold connection the first goes alone, and the others share its luck."""
        if not self._warm:
            if self._first is None:
                return await self._warm_up(request, bearer)
            await self._first.wait()
            if not self._warm:
                return Failure.NOT_SENT
        return await self._send(request, bearer)

    async def _warm_up(self, request: Request, bearer: str) -> Reply | Failure:
        first = self._first = asyncio.Event()
        try:
            answer = await self._send(request, bearer)
            self._warm = isinstance(answer, Reply)
            return answer
        finally:
            self._first = None
            first.set()

    async def _send(self, request: Request, bearer: str) -> Reply | Failure:
        answer = await exchange(self._client, self._url, request, bearer)
        if answer is Failure.TIMED_OUT:
            self._timeouts += 1
        elif answer in _COOLING:
            self._warm = False
        return answer

    async def close(self) -> None:
        """Let the client go; nothing may be in flight."""
        await self._client.close()


_COOLING = frozenset({Failure.NOT_SENT, Failure.UNPROCESSED, Failure.LOST})


class Connections:
    """All connections of a lane; a push takes the one with the least in flight, and waits when all are full.

    Who waits is bounded by the lane's callers, a fixed number of workers; each wait ends with a request's deadline.
    """

    def __init__(self, route: Route) -> None:
        self._route = route
        self._authority: bytes | None = None
        self._open: list[Connection] = []
        self._most = route.connections * route.in_flight
        self._lent = 0
        self._waiting = Waiters()

    def open(self) -> None:
        """Build the clients; the connections come with the first pushes. Misconfigured as `read_authority`."""
        self._authority = read_authority(self._route)
        self._open = [Connection(self._route, self._authority) for _ in range(self._route.connections)]

    async def take(self) -> Connection | None:
        """Lend a connection with room for one request; None once closed. To be given back."""
        while self._open and self._lent >= self._most:
            await self._waiting.wait()
        if not self._open:
            return None
        self._lent += 1
        chosen = self._open[0]
        for connection in self._open:
            if connection.in_flight < chosen.in_flight:
                chosen = connection
        chosen.in_flight += 1
        return chosen

    async def give_back(self, connection: Connection) -> None:
        """Take a connection back, renew it if it is worn, and close it when its last request has ended."""
        connection.in_flight -= 1
        self._lent -= 1
        self._waiting.wake()
        if connection.worn:
            await self._renew(connection)

    async def _renew(self, connection: Connection) -> None:
        if connection in self._open:
            self._open[self._open.index(connection)] = Connection(self._route, self._authority)
        if connection.in_flight == 0:
            await connection.close()

    async def close(self) -> None:
        """Let what is in flight end, at most one deadline long, then close for good."""
        closing, self._open = self._open, []
        if not closing:
            return
        self._waiting.wake_all()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._route.timeout.total_seconds() + SETTLING_SECONDS):
                while self._lent:
                    await self._waiting.wait()
        for connection in closing:
            await connection.close()
        await asyncio.sleep(SETTLING_SECONDS)
