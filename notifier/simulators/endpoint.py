"""How both providers meet a request: read it, decide, suffer the faults that were asked for, answer."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol

from notifier.simulators.faults import CLEAR, Condition, Kind, Provider

Reply = tuple[int, list[tuple[str, str]], bytes]
Get = Callable[[str], str | None]

# A request that is never answered is let go after this time, so that no wait is without end.
LONGEST_SILENCE_SECONDS = 120.0


class Headers(Protocol):
    """The headers of one request; their names are lower case."""

    def get(self, name: str, /) -> str | None:
        """Give the value of one header."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Give all of them."""


class Scope(Protocol):
    """What is used of one request but its body, whichever server read it; `client` names its connection."""

    @property
    def http_version(self) -> str:
        """Say "1", "1.1" or "2"."""

    @property
    def client(self) -> str:
        """Name the client's end of the connection."""

    @property
    def method(self) -> str:
        """Give the method."""

    @property
    def path(self) -> str:
        """Give the path without the query."""

    @property
    def headers(self) -> Headers:
        """Give the headers."""


class Exchange(Protocol):
    """What is used of granian's side of one request."""

    async def __call__(self) -> bytes:
        """Read the body."""

    async def client_disconnect(self) -> None:
        """Wait until the client has reset the stream or closed the connection."""

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        """Answer without a body."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Answer."""


class Endpoint(Protocol):
    """What a provider must know: how to decide a request, and how to phrase a fault of its own."""

    provider: Provider

    def decide(self, scope: Scope, body: bytes) -> Reply:
        """Judge one request, show it on its phone, and say what to answer."""

    def phrase(self, condition: Condition) -> Reply:
        """Say that the provider is down in the provider's own words."""


def send(proto: Exchange, reply: Reply) -> None:
    """Write the answer."""
    status, headers, body = reply
    if body:
        proto.response_bytes(status, headers, body)
    else:
        proto.response_empty(status, headers)


async def meet(endpoint: Endpoint, scope: Scope, proto: Exchange) -> None:
    """Serve one request."""
    body = await proto()
    provider = endpoint.provider
    fault = None if provider.condition is CLEAR else provider.strike()
    if fault is None:
        send(proto, endpoint.decide(scope, body))
    else:
        reply, wait_seconds = suffer(endpoint, fault, scope, body)
        if reply is None:
            await keep_silent(proto)
            return
        if wait_seconds:
            await asyncio.sleep(wait_seconds)
        send(proto, reply)


def suffer(endpoint: Endpoint, fault: Condition, scope: Scope, body: bytes) -> tuple[Reply | None, float]:
    """Decide one request under a fault: what is answered (None: nothing, ever), and after how many seconds.

    A late answer was decided (and shown) at once, as with the real ones.
    """
    provider = endpoint.provider
    if fault.condition is Kind.HANG:
        provider.count_refused("hang")
        return None, 0.0
    reply = endpoint.phrase(fault) if fault.condition is Kind.DOWN else endpoint.decide(scope, body)
    return (None, 0.0) if fault.condition is Kind.MUTE else (reply, fault.wait_seconds(provider.chance))


async def keep_silent(proto: Exchange) -> None:
    """Wait until the client gives up, two minutes at most."""
    try:
        async with asyncio.timeout(LONGEST_SILENCE_SECONDS):
            await proto.client_disconnect()
    except TimeoutError:
        proto.response_empty(504, [])
