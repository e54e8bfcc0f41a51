"""One connection to a provider: a client of its own, warmed by one request, bounded by its window."""

import time
from datetime import datetime

import msgspec

from notifier.providers.routes import Route, build_client
from notifier.providers.windows import Window
from notifier.wire.exchange import Failure, Reply

MOST_TIMEOUTS = 500
"""After 700 to 1,500 late answers to ended streams a client kills its own connection (TRAPS)."""


class Bearer(msgspec.Struct, frozen=True, kw_only=True):
    """The value of an authorization header, since when it is used, and the id of the key that signed it."""

    value: str
    since: datetime
    key: str = ""


class Connection:
    """One HTTP/2 connection; what it was authorized with goes when it goes.

    Whoever lends it calls `begin` before and `hear` after a request on `client`: in between there is nothing of ours,
    for each layer that waits for an answer costs microseconds of every push (measured: 3 to 5).
    """

    def __init__(self, route: Route, authority: bytes | None) -> None:
        self.client = build_client(route, authority)
        self.url = route.url.rstrip("/")
        self.in_flight = 0
        self.bearer: Bearer | None = None
        self.warm = False
        self.unreachable = False
        """The request that was to warm it failed; whoever lends it takes note."""
        self.window = Window(route.window, time.monotonic)
        self.told_places = 1
        """Of its places, those that whoever lends it has told of."""
        self._probe_began: float | None = None
        self._timeouts = 0
        self._retired = False

    @property
    def room(self) -> int:
        """Say how many more requests it takes."""
        if self.warm:
            return self.window.limit - self.in_flight
        return 1 if self._probe_began is None else 0

    @property
    def places(self) -> int:
        """Say how many requests it takes; while it is cold one alone, which shows whether there is a way."""
        return self.window.limit if self.warm else 1

    @property
    def spent(self) -> bool:
        """Say whether it is full, and more in flight on it would bring no more."""
        return self.warm and self.room <= 0 and self.window.spent

    @property
    def worn(self) -> bool:
        """Say whether a new one must take its place: the provider wants that, or it has seen too many time-outs."""
        return self._retired or self._timeouts >= MOST_TIMEOUTS

    def retire(self) -> None:
        """Let a new one take its place when its requests have ended."""
        self._retired = True

    def begin(self) -> float:
        """Say that a request goes now; give its beginning, for `hear`."""
        began = time.monotonic()
        if not self.warm:
            self._probe_began = began
        return began

    def hear(self, answer: Reply | Failure, began: float) -> None:
        """Learn from the answer to the request that began then."""
        if began == self._probe_began:
            self._probe_began = None
            self.warm = isinstance(answer, Reply)
            self.unreachable = not self.warm
            self._timeouts += answer is Failure.TIMED_OUT
        elif isinstance(answer, Reply):
            self.window.hear(time.monotonic() - began, self.in_flight)
        else:
            self._suffer(answer)

    def rest(self) -> None:
        """Forget a request that ended without an answer, for it was cancelled; none is in flight."""
        self._probe_began = None

    def _suffer(self, failure: Failure) -> None:
        self._timeouts += failure is Failure.TIMED_OUT
        if failure in _BROKEN:
            self.warm = False
        if failure in _TOO_MUCH:
            self.window.refuse()

    async def close(self) -> None:
        """Let the client go; nothing may be in flight."""
        await self.client.close()


_BROKEN = frozenset({Failure.NOT_SENT, Failure.UNPROCESSED, Failure.LOST})
_TOO_MUCH = frozenset({Failure.UNPROCESSED, Failure.TIMED_OUT, Failure.LOST})
