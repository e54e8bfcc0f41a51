"""The lane to Apple: one environment and topic, with its own connections."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from notifier.domain.pushes import Again, Outcome, Parcel, Trouble
from notifier.providers.connections import Connection, Connections
from notifier.providers.provider_token import ProviderTokens, read_signing_key
from notifier.providers.routes import Route
from notifier.providers.standstill import Standstill
from notifier.wire.apns import encode
from notifier.wire.apns_replies import read_reply
from notifier.wire.exchange import Failure, Request, read_failure
from notifier.wire.reactions import Reaction, Row

_CLOSED = Again(trouble=Trouble.NOT_SENT)


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
        self._connections = Connections(settings.route)
        key = read_signing_key(settings.key_file)
        self._standstill = Standstill(time.monotonic)
        self._tokens = ProviderTokens(key, key_id=settings.key_id, team_id=settings.team_id, clock=clock)

    async def open(self) -> None:
        """Make ready to send; Misconfigured if the authorities cannot be read."""
        self._connections.open()

    async def close(self) -> None:
        """Let what is in flight end, then close."""
        await self._connections.close()

    async def send(self, parcel: Parcel) -> Outcome:
        """Send one parcel and say what became of it; never raises for what a provider or network does."""
        request = encode(parcel, self._topic)
        if (told := self._standstill.ask()) is not None:
            return told
        connection = await self._connections.take()
        if connection is None:
            return _CLOSED
        try:
            answer = await self._exchange(connection, request)
        finally:
            await self._connections.give_back(connection)
        if isinstance(answer, Failure):
            return read_failure(answer)
        self._standstill.hear(answer)
        return answer.outcome

    async def _exchange(self, connection: Connection, request: Request) -> Row | Failure:
        """Send a request, and once more after a refresh of what authorizes it."""
        row = await self._try(connection, request)
        if isinstance(row, Row) and row.reaction is Reaction.REFRESH:
            row = await self._try(connection, request)
        return row

    async def _try(self, connection: Connection, request: Request) -> Row | Failure:
        kept = connection.bearer
        bearer = connection.bearer = self._tokens.choose(kept)
        answer = await connection.exchange(request, bearer.value)
        if isinstance(answer, Failure):
            return answer
        row = read_reply(answer)
        match row.reaction:
            case Reaction.REFRESH if connection.bearer is bearer:
                connection.bearer = None
            case Reaction.KEEP if kept is not None:
                connection.bearer = self._tokens.keep(kept)
            case Reaction.RECONNECT:
                connection.retire()
        return row
