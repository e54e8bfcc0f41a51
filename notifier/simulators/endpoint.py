"""How both providers meet a request: read it, decide, suffer the faults that were asked for, answer."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from granian.rsgi import Scope

from notifier.simulators.faults import CLEAR, Condition, Kind, Provider

Reply = tuple[int, list[tuple[str, str]], bytes]
Get = Callable[[str], str | None]

# A request that is never answered is let go after this time, so that no wait is without end.
LONGEST_SILENCE_SECONDS = 120.0


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
        await suffer(endpoint, fault, scope, proto, body)


async def suffer(endpoint: Endpoint, fault: Condition, scope: Scope, proto: Exchange, body: bytes) -> None:
    """Serve one request under a fault; a late answer was decided (and shown) at once, as with the real ones."""
    provider = endpoint.provider
    if fault.condition is Kind.HANG:
        provider.count_refused("hang")
        return await keep_silent(proto)
    reply = endpoint.phrase(fault) if fault.condition is Kind.DOWN else endpoint.decide(scope, body)
    if fault.condition is Kind.MUTE:
        return await keep_silent(proto)
    if wait := fault.wait_seconds(provider.chance):
        await asyncio.sleep(wait)
    send(proto, reply)
    return None


async def keep_silent(proto: Exchange) -> None:
    """Wait until the client gives up, two minutes at most."""
    try:
        async with asyncio.timeout(LONGEST_SILENCE_SECONDS):
            await proto.client_disconnect()
    except TimeoutError:
        proto.response_empty(504, [])
