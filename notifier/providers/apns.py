"""The lane to Apple: one environment and topic, with its own connections."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from notifier.domain.pushes import Again, Outcome, Parcel, Trouble
from notifier.providers.connections import Connection, Connections
from notifier.providers.provider_token import ProviderTokens, read_signing_key
from notifier.providers.routes import Route
from notifier.wire.apns import encode
from notifier.wire.apns_replies import read_reply
from notifier.wire.exchange import Failure, Reply, Request, read_failure

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
        connection = await self._connections.take()
        if connection is None:
            return _CLOSED
        try:
            answer = await self._exchange(connection, request)
        finally:
            await self._connections.give_back(connection)
        return read_failure(answer) if isinstance(answer, Failure) else read_reply(answer)

    async def _exchange(self, connection: Connection, request: Request) -> Reply | Failure:
        bearer = connection.bearer = self._tokens.choose(connection.bearer)
        answer = await connection.exchange(request, bearer.value)
        if isinstance(answer, Reply) and b"ExpiredProviderToken" in answer.body and connection.bearer is bearer:
            connection.bearer = None
        return answer
