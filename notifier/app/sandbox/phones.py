"""The orders that the simulators follow, and what their phones show (control address)."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import msgspec

from notifier.domain.faults import Unavailable
from notifier.sandbox.views import PhoneState

_LIMIT_SECONDS = 5


class ShownPhone(PhoneState, frozen=True, kw_only=True):
    """One phone as the simulators tell of it."""

    token: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """The phones that changed."""

    run: str
    version: int
    phones: tuple[ShownPhone, ...]


class SeenPush(msgspec.Struct, frozen=True, kw_only=True):
    """The exact request that a provider saw."""

    token: str
    at: datetime
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: str


class PhoneOrders:
    """Asks the simulators; Unavailable while they do not answer."""

    def __init__(self, control: str) -> None:
        self._control = control

    async def read(self, since: int, entries: int) -> Shown:
        """Give the phones that changed after a version."""
        return msgspec.json.decode(await self._ask("GET", f"/phones?since={since}&entries={entries}"), type=Shown)

    async def push(self, serial: int) -> SeenPush | None:
        """Give a push as the provider saw it; None where it is forgotten."""
        answer = await self._ask("GET", f"/pushes/{serial}", missing=b"")
        return msgspec.json.decode(answer, type=SeenPush) if answer else None

    async def name(self, aliases: Mapping[str, str]) -> None:
        """Tell whose phones they play."""
        await self._ask("PUT", "/tokens", {token: {"alias": alias} for token, alias in aliases.items()})

    async def revoke(self, token: str, at: datetime) -> None:
        """Let the provider say from now on that the app was removed."""
        await self._ask("PUT", f"/tokens/{quote(token)}", {"state": "gone", "at_ms": int(at.timestamp() * 1000)})

    async def restore(self, token: str) -> None:
        """Let the token be good again."""
        await self._ask("PUT", f"/tokens/{quote(token)}", {"state": "ok"})

    async def connect(self, token: str, *, online: bool) -> None:
        """Take a phone off the network, or back."""
        await self._ask("PUT", f"/phones/{quote(token)}", {"online": online})

    async def dismiss(self, token: str, key: str) -> None:
        """Swipe one notification away; one that is gone already stays so."""
        await self._ask("DELETE", f"/phones/{quote(token)}/entries/{quote(key)}", missing=b"")

    async def forget(self, token: str) -> None:
        """Throw a phone away."""
        await self._ask("DELETE", f"/phones/{quote(token)}", missing=b"")

    async def set_condition(self, provider: str, condition: Mapping[str, object]) -> None:
        """Let a provider fail, or work."""
        await self._ask("PUT", f"/providers/{provider}", condition)

    async def answers(self) -> bool:
        """Say whether the simulators can be reached at all."""
        try:
            await self._ask("GET", "/clock")
        except Unavailable:
            return False
        return True

    async def set_clock(self, ahead: timedelta) -> None:
        """Let expiry follow the business clock (A34)."""
        await self._ask("PUT", "/clock", {"ahead_seconds": ahead.total_seconds()})

    async def _ask(self, method: str, path: str, value: object = None, missing: bytes | None = None) -> bytes:
        return await asyncio.to_thread(self._send, method, path, value, missing)

    def _send(self, method: str, path: str, value: object, missing: bytes | None) -> bytes:
        body = None if value is None else json.dumps(value).encode()
        request = Request(f"{self._control}{path}", data=body, method=method)  # noqa: S310 - our own simulators
        try:
            with urlopen(request, timeout=_LIMIT_SECONDS) as answer:  # noqa: S310 - the same
                given: bytes = answer.read()
                return given
        except HTTPError as refusal:
            if refusal.code == 404 and missing is not None:
                return missing
            raise Unavailable(f"simulators: {refusal.code}") from None
        except (URLError, OSError, HTTPException) as fault:
            raise Unavailable(f"simulators: {type(fault).__name__}") from None
