"""One connection from its first byte to its last."""

import asyncio
import ssl
from itertools import count
from typing import cast

from h2.exceptions import ProtocolError

from notifier.simulators.frames.connection import Connection
from notifier.simulators.frames.limits import StreamLimit
from notifier.simulators.frames.streams import Streams
from notifier.simulators.frames.town import Town

ALPN = "h2"
# The first of what a client says (RFC 9113, 3.4), and what is said to one that speaks HTTP/1.1.
PREFACE = b"PRI"
HTTP_1 = b"HTTP/1.1 505 HTTP Version Not Supported\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"

_numbers = count(1)


class Session(asyncio.Protocol):
    """Reads bytes and sends what follows from them."""

    _connection: Connection
    _streams: Streams
    _limit: StreamLimit

    def __init__(self, town: Town) -> None:
        """Belong to a town, and go by what is ordered there now."""
        self._town, self._mischief, self._is_new = town, town.mischief, True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Over TLS send SETTINGS to who has chosen h2; else see first whether it is HTTP/2 that is spoken."""
        connection = self._connection = Connection(self._town, cast("asyncio.Transport", transport))
        self._limit = StreamLimit(self._mischief, self._town.streams)
        # A port may come again within the 20 minutes that a provider token binds a connection; the number does not.
        client = f"{transport.get_extra_info('peername')}#{next(_numbers)}"
        self._streams = Streams(connection, self._limit, client)
        self._town.connections.add(connection)
        self._town.thrown.count("connections")
        tls: ssl.SSLObject | None = transport.get_extra_info("ssl_object")
        if tls is None:
            return
        if tls.selected_alpn_protocol() == ALPN:
            self._begin()
        else:
            self._town.thrown.count("without_alpn")
            connection.hang_up()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's word
        """Have done with it."""
        self._connection.lose()
        self._town.connections.discard(self._connection)

    def data_received(self, data: bytes) -> None:
        """React to what came, and send what follows from it."""
        connection = self._connection
        if connection.is_closed:
            return
        if self._is_new:
            if not data.startswith(PREFACE):
                self._town.thrown.count("client_errors")
                connection.turn_away(HTTP_1)
                return
            self._begin()
        try:
            events = connection.wire.receive_data(data)
        except ProtocolError:
            self._town.thrown.count("client_errors")
            connection.flush()
            connection.hang_up()
            return
        self._streams.read(events)
        connection.flush()

    def _begin(self) -> None:
        self._is_new = False
        self._connection.wire.open_with(self._limit.announced, self._mischief.window_bytes)
        self._connection.flush()
        self._connection.watch_age()
