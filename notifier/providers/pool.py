"""All connections of a lane: lent to one push at a time per place, added when more would help, renewed when worn."""

import asyncio
import time
from contextlib import suppress

from notifier.dispatch.waiters import Waiters
from notifier.providers.connections import Connection
from notifier.providers.growth import Growth
from notifier.providers.routes import Route, read_authority

SETTLING_SECONDS = 0.2
"""A process that leaves sooner after closing may abort or hang (TRAPS)."""


class Pool:
    """A push takes the connection with the most room, and waits where there is none.

    Who waits is bounded by the lane's callers, a fixed number of workers; each wait ends with a request's deadline.
    """

    def __init__(self, route: Route) -> None:
        self._route = route
        self._authority: bytes | None = None
        self._open: list[Connection] = []
        self._lent = 0
        self._failures = 0
        self._unreachable = False
        self._answers = 0
        self._growth = Growth(time.monotonic)
        self._waiting = Waiters()

    @property
    def connections(self) -> tuple[Connection, ...]:
        """Give those that are lent from."""
        return tuple(self._open)

    @property
    def unreachable(self) -> bool:
        """Say whether there was no way to the provider when it was last tried."""
        return self._unreachable and not any(connection.warm for connection in self._open)

    def open(self) -> None:
        """Build the first clients; the connections come with the first pushes. Misconfigured as `read_authority`."""
        self._authority = read_authority(self._route)
        self._open = [self._connect() for _ in range(min(self._route.connections, self._route.most_connections))]

    async def take(self) -> Connection | None:
        """Lend a connection with room for one request; None once closed, or where there is no way to the provider."""
        turn = not len(self._waiting)
        while self._open:
            chosen = self._choose() if turn else None
            if chosen is not None:
                return self._lend(chosen)
            failures, turn = self._failures, True
            await self._waiting.wait()
            if self._failures != failures and not any(connection.warm for connection in self._open):
                return None
        return None

    async def give_back(self, connection: Connection) -> None:
        """Take a connection back, renew it if it is worn, and close it when its last request has ended."""
        connection.in_flight -= 1
        self._lent -= 1
        self._answers += 1
        if connection.unreachable:
            connection.unreachable = False
            self._failures += 1
            self._unreachable = True
            self._waiting.wake_all()
        else:
            self._wake(connection)
        if connection.worn:
            await self._renew(connection)

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

    def _connect(self) -> Connection:
        return Connection(self._route, self._authority)

    def _choose(self) -> Connection | None:
        """Find the connection with the most room, or a new one where more would help."""
        chosen = self._open[0]
        for connection in self._open:
            if connection.room > chosen.room:
                chosen = connection
        return chosen if chosen.room > 0 else self._grow()

    def _lend(self, connection: Connection) -> Connection:
        connection.in_flight += 1
        self._lent += 1
        return connection

    def _wake(self, connection: Connection) -> None:
        """Wake one for the place that is free, and one for each by which the connection has grown."""
        room = connection.window.limit if connection.warm else 1
        for _ in range(1 + max(room - connection.known_room, 0)):
            self._waiting.wake()
        connection.known_room = room

    def _grow(self) -> Connection | None:
        """Add a connection where every one is spent: it is full, and more in flight on it would bring no more."""
        if len(self._open) >= self._route.most_connections:
            return None
        if not all(connection.warm and connection.window.spent for connection in self._open):
            return None
        if not self._growth.ask(self._answers):
            return None
        self._open.append(self._connect())
        return self._open[-1]

    async def _renew(self, connection: Connection) -> None:
        if connection in self._open:
            self._open[self._open.index(connection)] = self._connect()
        if connection.in_flight == 0:
            await connection.close()
