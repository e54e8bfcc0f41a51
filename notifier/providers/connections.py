"""One connection to a provider: a client of its own, warmed by one request, bounded by its window."""

import time
from datetime import datetime

import msgspec

from notifier.providers.exchanges import exchange
from notifier.providers.routes import Route, build_client
from notifier.providers.windows import Window
from notifier.wire.exchange import Failure, Reply, Request

MOST_TIMEOUTS = 500
"""After 700 to 1,500 late answers to ended streams a client kills its own connection (TRAPS)."""


class Bearer(msgspec.Struct, frozen=True, kw_only=True):
    """The value of an authorization header, since when it is used, and the id of the key that signed it."""

    value: str
    since: datetime
    key: str = ""


class Connection:
    """One HTTP/2 connection; what it was authorized with goes when it goes."""

    def __init__(self, route: Route, authority: bytes | None) -> None:
        self.in_flight = 0
        self.bearer: Bearer | None = None
        self.warm = False
        self.unreachable = False
        """The request that was to warm it failed; whoever lends it takes note."""
        self.window = Window(route.window, time.monotonic)
        self.known_room = 1
        """How much room whoever lends it has told of."""
        self._url = route.url.rstrip("/")
        self._client = build_client(route, authority)
        self._probing = False
        self._timeouts = 0
        self._retired = False

    @property
    def room(self) -> int:
        """Say how many more requests it takes; while it is cold one alone, which shows whether there is a way."""
        if self.warm:
            return self.window.limit - self.in_flight
        return 0 if self._probing else 1

    @property
    def worn(self) -> bool:
        """Say whether a new one must take its place: the provider wants that, or it has seen too many time-outs."""
        return self._retired or self._timeouts >= MOST_TIMEOUTS

    def retire(self) -> None:
        """Let a new one take its place when its requests have ended."""
        self._retired = True

    async def exchange(self, request: Request, bearer: str) -> Reply | Failure:
        """Send one push, for which there was room."""
        if not self.warm:
            return await self._probe(request, bearer)
        began = time.monotonic()
        answer = await exchange(self._client, self._url, request, bearer)
        if isinstance(answer, Reply):
            self.window.hear(time.monotonic() - began, full=self.in_flight >= self.window.limit)
        else:
            self._suffer(answer)
        return answer

    async def _probe(self, request: Request, bearer: str) -> Reply | Failure:
        """Send the one that shows whether there is a way."""
        self._probing = True
        try:
            answer = await exchange(self._client, self._url, request, bearer)
        finally:
            self._probing = False
        self.warm = isinstance(answer, Reply)
        self.unreachable = not self.warm
        self._timeouts += answer is Failure.TIMED_OUT
        return answer

    def _suffer(self, failure: Failure) -> None:
        self._timeouts += failure is Failure.TIMED_OUT
        if failure in _BROKEN:
            self.warm = False
        if failure in _TOO_MUCH:
            self.window.refuse()

    async def close(self) -> None:
        """Let the client go; nothing may be in flight."""
        await self._client.close()


_BROKEN = frozenset({Failure.NOT_SENT, Failure.UNPROCESSED, Failure.LOST})
_TOO_MUCH = frozenset({Failure.UNPROCESSED, Failure.TIMED_OUT, Failure.LOST})
