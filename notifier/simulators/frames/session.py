"""One client's frames as they come in."""

import asyncio
import ssl
from collections.abc import Callable
from itertools import count
from typing import Any, cast

from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    Event,
    RemoteSettingsChanged,
    RequestReceived,
    SettingsAcknowledged,
    StreamEnded,
    StreamReset,
    WindowUpdated,
)
from h2.exceptions import ProtocolError

from notifier.simulators.frames.connection import Connection
from notifier.simulators.frames.credit import Credit
from notifier.simulators.frames.handling import Handling
from notifier.simulators.frames.limits import StreamLimit
from notifier.simulators.frames.misdeeds import Misdeeds
from notifier.simulators.frames.request import MOST_BODY_BYTES, Request, read_scope
from notifier.simulators.frames.town import Town

TOO_MANY_STREAMS = b"Maximum active streams violated for this endpoint."
ALPN = "h2"

_numbers = count(1)


class Session(asyncio.Protocol):
    """Reads one connection and hands each complete request on."""

    _connection: Connection
    _limit: StreamLimit
    _credit: Credit
    _handling: Handling
    _misdeeds: Misdeeds

    def __init__(self, town: Town) -> None:
        """Belong to a town."""
        self._town = town
        self._client = ""
        self._reactions: dict[type[Event], Callable[[Any], None]] = {
            RequestReceived: self._open,
            DataReceived: self._take,
            StreamEnded: self._meet,
            StreamReset: self._give_up,
            WindowUpdated: self._go_on,
            RemoteSettingsChanged: self._go_on,
            SettingsAcknowledged: self._acknowledge,
            ConnectionTerminated: self._hang_up,
        }

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send SETTINGS; over TLS only to who has chosen h2."""
        mischief = self._town.mischief
        connection = self._connection = Connection(self._town, cast("asyncio.Transport", transport))
        self._limit = StreamLimit(mischief, self._town.streams)
        self._credit = Credit(connection.wire, mischief)
        self._handling = Handling(connection, self._limit)
        self._misdeeds = Misdeeds(connection, self._handling)
        # A port may come again within the 20 minutes that a provider token binds a connection; the number does not.
        self._client = f"{transport.get_extra_info('peername')}#{next(_numbers)}"
        self._town.connections.add(connection)
        self._town.thrown.count("connections")
        tls: ssl.SSLObject | None = transport.get_extra_info("ssl_object")
        if tls is not None and tls.selected_alpn_protocol() != ALPN:
            self._town.thrown.count("without_alpn")
            transport.close()
            return
        connection.wire.open_with(self._limit.announced, mischief.window_bytes)
        connection.flush()
        connection.watch_age()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's word
        """Have done with it."""
        self._connection.lose()
        self._town.connections.discard(self._connection)

    def data_received(self, data: bytes) -> None:
        """React to what came, and send what follows from it."""
        connection = self._connection
        if connection.is_closed:
            return
        try:
            events = connection.wire.receive_data(data)
        except ProtocolError:
            self._town.thrown.count("client_errors")
            connection.flush()
            connection.hang_up()
            return
        for event in events:
            if (react := self._reactions.get(type(event))) and not connection.is_closed:
                react(event)
        connection.flush()

    def _open(self, event: RequestReceived) -> None:
        connection, stream = self._connection, event.stream_id
        if connection.ignores(stream):
            return
        if self._limit.is_reached(len(connection.requests)):
            self._refuse(stream)
            return
        scope = read_scope(event.headers, self._client)
        endpoint = self._town.find(scope.path)
        connection.provider = endpoint.provider.name
        connection.requests[stream] = Request(stream=stream, scope=scope, endpoint=endpoint)

    def _refuse(self, stream: int) -> None:
        self._town.thrown.count("over_limit")
        if self._town.mischief.over_limit == "goaway":
            self._connection.leave(ErrorCodes.REFUSED_STREAM, TOO_MANY_STREAMS, self._connection.last_decided)
        else:
            self._connection.wire.reset_stream(stream, ErrorCodes.REFUSED_STREAM)

    def _take(self, event: DataReceived) -> None:
        self._credit.give_back()
        request = self._connection.requests.get(event.stream_id)
        if request is None:
            return
        if len(request.body) < MOST_BODY_BYTES:
            request.body += event.data
        if event.stream_ended is None:
            self._credit.give_back_to(request, event.flow_controlled_length)

    def _meet(self, event: StreamEnded) -> None:
        request = self._connection.requests.get(event.stream_id)
        if request is not None:
            self._misdeeds.meet(request)

    def _give_up(self, event: StreamReset) -> None:
        request = self._connection.requests.get(event.stream_id)
        if request is not None:
            self._town.thrown.count("client_resets")
            self._connection.forget(request)

    def _go_on(self, _: Event) -> None:
        for request in tuple(self._connection.requests.values()):
            if request.pieces:
                self._handling.answers.go_on(request)

    def _acknowledge(self, _: SettingsAcknowledged) -> None:
        self._limit.acknowledge()

    def _hang_up(self, _: ConnectionTerminated) -> None:
        self._connection.hang_up()
