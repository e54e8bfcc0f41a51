"""What a client's frames mean: streams that open, fill, are complete, or are given up."""

from collections.abc import Callable, Sequence
from typing import Any

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

from notifier.simulators.frames.connection import Connection
from notifier.simulators.frames.credit import Credit
from notifier.simulators.frames.handling import Handling
from notifier.simulators.frames.limits import StreamLimit
from notifier.simulators.frames.misdeeds import Misdeeds
from notifier.simulators.frames.request import MOST_BODY_BYTES, Request, read_scope

TOO_MANY_STREAMS = b"Maximum active streams violated for this endpoint."


class Streams:
    """Collects the requests of one connection and hands each complete one on."""

    def __init__(self, connection: Connection, limit: StreamLimit, client: str) -> None:
        """Read what `client` sends, as many streams as the limit allows."""
        self._connection, self._limit, self._client, self._town = connection, limit, client, connection.town
        self._credit = Credit(connection.wire, self._town.mischief)
        self._handling = Handling(connection, limit)
        self._misdeeds = Misdeeds(connection, self._handling)
        self._reactions: dict[type[Event], Callable[[Any], None]] = {
            RequestReceived: self._open,
            DataReceived: self._take,
            StreamEnded: self._meet,
            WindowUpdated: self._go_on,
            RemoteSettingsChanged: self._go_on,
            SettingsAcknowledged: self._acknowledge,
            ConnectionTerminated: self._see_off,
        }

    def read(self, events: Sequence[Event]) -> None:
        """React to what came in, in order; what was given up within it is closed by now, and not looked at."""
        gone = {event.stream_id for event in events if isinstance(event, StreamReset)}
        for stream in gone:
            self._give_up(stream)
        for event in events:
            react = self._reactions.get(type(event))
            if react is None or self._connection.is_closed or (gone and getattr(event, "stream_id", None) in gone):
                continue
            react(event)

    def _open(self, event: RequestReceived) -> None:
        connection, stream = self._connection, event.stream_id
        if connection.parting.ignores(stream):
            return
        if self._limit.is_reached(len(connection.requests)):
            self._refuse(stream)
            return
        scope = read_scope(event.headers, self._client)
        endpoint = self._town.find(scope.path)
        connection.provider = endpoint.provider.name
        connection.requests[stream] = Request(stream=stream, scope=scope, endpoint=endpoint)

    def _refuse(self, stream: int) -> None:
        connection = self._connection
        self._town.thrown.count("over_limit")
        if self._town.mischief.over_limit == "goaway":
            connection.parting.leave(ErrorCodes.REFUSED_STREAM, TOO_MANY_STREAMS, connection.last_decided)
        else:
            connection.wire.reset_stream(stream, ErrorCodes.REFUSED_STREAM)

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

    def _give_up(self, stream: int) -> None:
        request = self._connection.requests.get(stream)
        if request is not None:
            self._town.thrown.count("client_resets")
            self._connection.forget(request)

    def _go_on(self, _: Event) -> None:
        for request in tuple(self._connection.requests.values()):
            if request.pieces:
                self._handling.answers.go_on(request)

    def _acknowledge(self, _: SettingsAcknowledged) -> None:
        self._limit.acknowledge()

    def _see_off(self, event: ConnectionTerminated) -> None:
        if event.error_code:
            self._town.thrown.count("client_errors")
        self._connection.parting.see_off()
