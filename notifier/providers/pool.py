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
    """A push takes the connection with the least in flight, and waits where none has room.

    Who waits is bounded by the lane's callers, and each wait by the route's patience.
    """

    def __init__(self, route: Route) -> None:
        self._route = route
        self._authority: bytes | None = None
        self._open: list[Connection] = []
        self._lent = 0
        self._failures = 0
        self._answers = 0
        self._growth = Growth(time.monotonic)
        self._waiting = Waiters()
        self._leaving = set[asyncio.Task[None]]()
        self.capacity = 0
        """How many requests may be under way."""

    @property
    def connections(self) -> tuple[Connection, ...]:
        """Give those that are lent from."""
        return tuple(self._open)

    @property
    def unreachable(self) -> bool:
        """Say whether there was no way to the provider when it was last tried."""
        return self._failures > 0 and not any(connection.warm for connection in self._open)

    def open(self) -> None:
        """Build the first clients; the connections come with the first pushes. Misconfigured as `read_authority`."""
        self._authority = read_authority(self._route)
        for _ in range(min(self._route.connections, self._route.most_connections)):
            self._connect()

    def take(self) -> Connection | None:
        """Lend a connection with room for one request, to be given back; None where one has to wait."""
        return None if self._waiting else self._lend()

    async def wait(self) -> Connection | None:
        """The same once there is room; None where there is none in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._route.patience.total_seconds()):
                return await self._await_room()
        return None

    def give_back(self, connection: Connection) -> None:
        """Take a connection back, and renew it if it is worn."""
        connection.in_flight -= 1
        self._lent -= 1
        self._answers += 1
        if connection.in_flight == 0:
            connection.rest()
        if connection.unreachable:
            connection.unreachable = False
            self._failures += 1
            self._waiting.wake_all()
        if connection.worn:
            self._renew(connection)
        elif self._open:
            self._account(connection)
        if not self._open:
            self._waiting.wake()

    async def close(self) -> None:
        """Let what is in flight end, at most one deadline long, then close for good."""
        closing, self._open, self.capacity = self._open, [], 0
        if not closing:
            return
        self._waiting.wake_all()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._route.timeout.total_seconds() + SETTLING_SECONDS):
                while self._lent:
                    await self._waiting.wait()
        for connection in closing:
            await connection.close()
        await asyncio.gather(*self._leaving)
        if self._answers:
            await asyncio.sleep(SETTLING_SECONDS)

    def _connect(self) -> None:
        connection = Connection(self._route, self._authority)
        self._open.append(connection)
        self.capacity += connection.told_places

    async def _await_room(self) -> Connection | None:
        """Wait in turn; None once closed, or where whoever tried found no way to the provider."""
        while self._open:
            failures = self._failures
            await self._waiting.wait()
            if self._failures != failures and self.unreachable:
                return None
            if (connection := self._lend()) is not None:
                return connection
        return None

    def _lend(self) -> Connection | None:
        """Lend the connection with the least in flight that has room."""
        chosen = None
        for connection in self._open:
            if connection.room > 0 and (chosen is None or connection.in_flight < chosen.in_flight):
                chosen = connection
        if chosen is None:
            return None
        chosen.in_flight += 1
        self._lent += 1
        if chosen.room <= 0:
            self._grow()
        return chosen

    def _account(self, connection: Connection) -> None:
        """Wake one for the place that is free, and one for each by which the connection has grown."""
        more = connection.places - connection.told_places
        connection.told_places += more
        self.capacity += more
        if self._waiting:
            for _ in range(1 + more):
                self._waiting.wake()

    def _grow(self) -> None:
        """Add a connection where every one is spent: it is full, and more in flight on it would bring no more."""
        if not all(connection.spent for connection in self._open):
            return
        change = self._growth.ask(self._answers, len(self._open), self._route.most_connections)
        if change > 0:
            self._connect()
        elif change < 0 and len(self._open) > self._route.connections:
            self._let_go(self._open[-1])

    def _let_go(self, connection: Connection) -> None:
        """Lend it no more; it is closed when its last request has ended."""
        connection.retire()
        self._open.remove(connection)
        self.capacity -= connection.told_places

    def _renew(self, connection: Connection) -> None:
        """Put another in its place, and close it when its last request has ended."""
        if connection in self._open:
            self._let_go(connection)
            self._connect()
            self._waiting.wake()
        if connection.in_flight == 0:
            task = asyncio.create_task(connection.close())
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)
