"""The lane to Google: one project, with its own connections."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
from pyreqwest.client import Client

from notifier.domain.faults import Misconfigured
from notifier.domain.health import LaneState
from notifier.domain.pushes import Again, Outcome, Parcel, Trouble
from notifier.providers.access_token import AccessToken
from notifier.providers.connections import Bearer, Connection
from notifier.providers.pace import Pace, Quota
from notifier.providers.pools import Pools
from notifier.providers.routes import Route, build_client, read_authority
from notifier.providers.secrets import Replaceable
from notifier.providers.service_account import read_service_account
from notifier.providers.standstill import Standstill
from notifier.providers.states import describe_lane
from notifier.wire.exchange import Failure, Request
from notifier.wire.fcm import encode
from notifier.wire.fcm_replies import read_reply
from notifier.wire.reactions import NOT_SENT, Reaction, Row, read_failure

_NO_TOKEN = Row(reaction=Reaction.AGAIN, outcome=Again(trouble=Trouble.CREDENTIALS))


class FcmSettings(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What a lane to Google is built from; `route` also bounds the requests for access tokens."""

    lane: str
    route: Route
    service_account_file: Path
    quota: Quota = Quota()


class FcmLane:
    """Sends parcels to Google; `clock` is the business one (a ttl counts from it), `real_clock` dates tokens (A34)."""

    def __init__(
        self, settings: FcmSettings, clock: Callable[[], datetime], real_clock: Callable[[], datetime]
    ) -> None:
        self.name = settings.lane
        self._settings, self._clock, self._real_clock = settings, clock, real_clock
        self._account = Replaceable(settings.service_account_file, read_service_account, time.monotonic)
        self._project = self._account.current().project
        self._pools = Pools(settings.route)
        self._standstill = Standstill(time.monotonic)
        self._pace = Pace(settings.quota, time.monotonic)
        self._token_client: Client | None = None
        self._access: AccessToken | None = None

    @property
    def state(self) -> LaneState:
        """Say how the lane is."""
        age = None if self._access is None else self._access.age
        return describe_lane(self.name, self._pools, self._standstill, self._account.fault, age)

    async def open(self) -> None:
        """Make ready to send; Misconfigured if Google does not know the account or its key."""
        route = self._settings.route
        self._token_client = build_client(route, read_authority(route))
        self._access = AccessToken(self._account.current, self._token_client, self._real_clock)
        self._pools.open()
        if await self._access.bearer() is None and self._access.refused:
            await self.close()
            file = self._settings.service_account_file
            raise Misconfigured(f"Google does not accept the service account in {file}: wrong, revoked, or our clock.")

    async def close(self) -> None:
        """Let what is in flight end, then close."""
        if self._access is not None and self._token_client is not None:
            await self._access.close()
            await self._token_client.close()
        await self._pools.close()

    async def send(self, parcel: Parcel) -> Outcome:
        """Send one parcel and say what became of it; never raises for what a provider or network does."""
        request = encode(parcel, self._project, self._clock())
        if (told := self._standstill.ask()) is not None:
            return told
        await self._pace.wait()
        row = await self._try(parcel, request)
        if row.reaction is Reaction.REFRESH:
            row = await self._try(parcel, request)
        self._standstill.hear(row)
        return row.outcome

    async def _try(self, parcel: Parcel, request: Request) -> Row:
        bearer = await self._access.bearer() if self._access is not None else None
        if self._access is None or bearer is None:
            return _NO_TOKEN
        pool = self._pools.choose(parcel)
        connection = await pool.take()
        if connection is None:
            return NOT_SENT
        try:
            row = await self._exchange(connection, request, bearer)
        finally:
            await pool.give_back(connection)
        if row.reaction is Reaction.REFRESH:
            self._access.reject(bearer)
        return row

    async def _exchange(self, connection: Connection, request: Request, bearer: Bearer) -> Row:
        answer = await connection.exchange(request, bearer.value)
        if isinstance(answer, Failure):
            return read_failure(answer)
        row = read_reply(answer, self._real_clock())
        if row.reaction is Reaction.SLOW:
            connection.window.refuse()
        if row.reaction is Reaction.SLOW and answer.status == 429:
            self._pace.begin_anew()
        return row
