"""Google's access token: fetched by one at a time, renewed early, and used as long as it lives (protocols 3.1)."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from pyreqwest.client import Client

from notifier.providers.connections import Bearer
from notifier.providers.exchanges import ask
from notifier.providers.service_account import ServiceAccount
from notifier.wire.exchange import Failure, Reply

EARLY = timedelta(minutes=3, seconds=45)
"""How long before its end a token is renewed, as google-auth does; half its life if that is shorter."""
PAUSE = timedelta(seconds=5)
"""Between two requests to the token endpoint, however many pushes wait."""


class _Granted(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: Annotated[int, msgspec.Meta(ge=1, le=86_400)]


class _Held(msgspec.Struct, frozen=True, kw_only=True):
    bearer: Bearer
    renew_at: datetime
    expires_at: datetime


class AccessToken:
    """The access token of one service account, as `account` gives it: its file may be replaced."""

    def __init__(self, account: Callable[[], ServiceAccount], client: Client, clock: Callable[[], datetime]) -> None:
        self._account, self._client, self._clock = account, client, clock
        self._held: _Held | None = None
        self._flight: asyncio.Task[None] | None = None
        self._asked_at: datetime | None = None
        self.refused = False
        """The endpoint's last answer was that it does not know this account or key."""

    @property
    def age(self) -> timedelta | None:
        """Say how old the token in use is; None where there is none."""
        return None if self._held is None else self._clock() - self._held.bearer.since

    async def bearer(self) -> Bearer | None:
        """Give a token that lives; None if there is none and the endpoint gives none now."""
        now = self._clock()
        held = self._held
        if held is not None and now < held.renew_at:
            return held.bearer
        self._renew(now)
        if held is not None and now < held.expires_at:
            return held.bearer
        if self._flight is not None:
            await asyncio.shield(self._flight)
        return None if self._held is None or self._held.expires_at <= self._clock() else self._held.bearer

    def reject(self, bearer: Bearer) -> None:
        """Let go of a token that Google no longer takes; a newer one stays."""
        if self._held is not None and self._held.bearer is bearer:
            self._held = None

    async def close(self) -> None:
        """Wait for the request under way; it ends with its deadline."""
        if self._flight is not None:
            await self._flight

    def _renew(self, now: datetime) -> None:
        if self._flight is None and (self._asked_at is None or now - self._asked_at >= PAUSE):
            self._asked_at = now
            self._flight = asyncio.create_task(self._fetch(now), name="renew FCM's access token")

    async def _fetch(self, now: datetime) -> None:
        try:
            account = self._account()
            answer = await ask(self._client, account.token_url, account.assert_itself(now))
            self.refused = isinstance(answer, Reply) and answer.status in (400, 401)
            self._held = _read_granted(answer, now) or self._held
        finally:
            self._flight = None


def _read_granted(answer: Reply | Failure, now: datetime) -> _Held | None:
    if not isinstance(answer, Reply) or answer.status != 200:
        return None
    try:
        granted = msgspec.json.decode(answer.body, type=_Granted)
    except msgspec.DecodeError:
        return None
    life = timedelta(seconds=granted.expires_in)
    return _Held(
        bearer=Bearer(value=f"Bearer {granted.access_token}", since=now),
        renew_at=now + life - min(EARLY, life / 2),
        expires_at=now + life,
    )
