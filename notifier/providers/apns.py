"""The lane to Apple: one environment and topic, with its own connections."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from notifier.domain.pushes import Outcome, Parcel
from notifier.providers.connections import Connection
from notifier.providers.pools import Pools
from notifier.providers.provider_token import ProviderTokens, read_signing_key
from notifier.providers.routes import Route
from notifier.providers.standstill import Standstill
from notifier.wire.apns import encode
from notifier.wire.apns_replies import read_reply
from notifier.wire.exchange import Failure, Request
from notifier.wire.reactions import NOT_SENT, Reaction, Row, read_failure


class ApnsSettings(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What a lane to Apple is built from."""

    lane: str
    route: Route
    topic: str
    key_file: Path
    key_id: str
    team_id: str


class ApnsLane:
    """Sends parcels to Apple; `clock` is the real one, whatever the sandbox's shows (A34)."""

    def __init__(self, settings: ApnsSettings, clock: Callable[[], datetime]) -> None:
        self.name = settings.lane
        self._topic = settings.topic
        self._pools = Pools(settings.route)
        key = read_signing_key(settings.key_file)
        self._standstill = Standstill(time.monotonic)
        self._tokens = ProviderTokens(key, key_id=settings.key_id, team_id=settings.team_id, clock=clock)

    async def open(self) -> None:
        """Make ready to send; Misconfigured if the authorities cannot be read."""
        self._pools.open()

    async def close(self) -> None:
        """Let what is in flight end, then close."""
        await self._pools.close()

    async def send(self, parcel: Parcel) -> Outcome:
        """Send one parcel and say what became of it; never raises for what a provider or network does."""
        request = encode(parcel, self._topic)
        if (told := self._standstill.ask()) is not None:
            return told
        row = await self._try(parcel, request)
        if row.reaction is Reaction.REFRESH:
            row = await self._try(parcel, request)
        self._standstill.hear(row)
        return row.outcome

    async def _try(self, parcel: Parcel, request: Request) -> Row:
        pool = self._pools.choose(parcel)
        connection = await pool.take()
        if connection is None:
            return NOT_SENT
        try:
            return await self._exchange(connection, request)
        finally:
            await pool.give_back(connection)

    async def _exchange(self, connection: Connection, request: Request) -> Row:
        kept = connection.bearer
        bearer = connection.bearer = self._tokens.choose(kept)
        answer = await connection.exchange(request, bearer.value)
        if isinstance(answer, Failure):
            return read_failure(answer)
        row = read_reply(answer)
        match row.reaction:
            case Reaction.REFRESH:
                self._tokens.reject(bearer)
            case Reaction.KEEP if kept is not None:
                connection.bearer = self._tokens.keep(kept)
            case Reaction.RECONNECT:
                connection.retire()
            case Reaction.SLOW:
                connection.window.refuse()
        return row
