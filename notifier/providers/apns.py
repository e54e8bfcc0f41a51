"""The lane to Apple: one environment and topic, with its own connections."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from notifier.domain.health import LaneState
from notifier.domain.pushes import Outcome, Parcel
from notifier.providers.connections import Bearer, Connection
from notifier.providers.exchanges import exchange
from notifier.providers.pool import Pool
from notifier.providers.pools import Pools
from notifier.providers.provider_token import ProviderTokens
from notifier.providers.routes import Route
from notifier.providers.secrets import Replaceable
from notifier.providers.signing_keys import read_signing_keys
from notifier.providers.standstill import Standstill
from notifier.providers.states import describe_lane
from notifier.wire.apns import encode
from notifier.wire.apns_replies import read_reply
from notifier.wire.exchange import Failure, Reply
from notifier.wire.reactions import EXPIRED, NOT_SENT, Reaction, Row, read_failure


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
        self._standstill = Standstill(time.monotonic)
        self._keys = Replaceable(
            settings.key_file, lambda path: read_signing_keys(path, settings.key_id), time.monotonic
        )
        self._tokens = ProviderTokens(self._keys.current, settings.team_id, clock)

    def pool(self, *, doubtful: bool) -> Pool:
        """Give the connections of one kind of tokens: whoever hands parcels over asks how many can be under way."""
        return self._pools.choose(doubtful=doubtful)

    @property
    def state(self) -> LaneState:
        """Say how the lane is."""
        return describe_lane(self.name, self._pools, self._standstill, self._keys.fault, self._tokens.age)

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
        pool, refreshed = self._pools.choose(doubtful=parcel.doubtful), False
        while True:
            connection = pool.take() or await pool.wait()
            if connection is None:
                return NOT_SENT.outcome
            try:
                kept = connection.bearer
                bearer = self._tokens.choose(kept)
                if kept is not None and bearer.key != kept.key:  # Apple lets a connection use the first one's key alone
                    connection.retire()
                    continue
                connection.bearer = bearer
                began = connection.begin()
                answer = await exchange(connection.client, connection.url, request, bearer.value)
                connection.hear(answer, began)
                row = self._judge(answer, connection, kept, bearer)
            finally:
                pool.give_back(connection)
            if row.reaction is not Reaction.REFRESH or refreshed:
                self._standstill.hear(row)
                return row.outcome
            refreshed = True

    def _judge(self, answer: Reply | Failure, connection: Connection, kept: Bearer | None, bearer: Bearer) -> Row:
        """Say what an answer means, and do what it asks of tokens and connection."""
        if isinstance(answer, Failure):
            return read_failure(answer)
        row = read_reply(answer)
        if row.reaction is Reaction.DONE:
            return row
        match row.reaction:
            case Reaction.REFRESH:
                self._tokens.reject(bearer)
            case Reaction.KEEP if kept is not None:
                connection.bearer = self._tokens.keep(kept)
            case Reaction.RECONNECT:
                connection.retire()
            case Reaction.SLOW:
                connection.window.refuse()
            case Reaction.STOP if self._tokens.refuse(bearer):
                return EXPIRED
        return row
