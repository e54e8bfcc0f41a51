"""What is done to a request that meets a fault."""

from collections.abc import Callable, Mapping

from h2.errors import ErrorCodes

from notifier.simulators.endpoint import Reply
from notifier.simulators.faults import Condition
from notifier.simulators.frames.connection import Connection
from notifier.simulators.frames.handling import Handling
from notifier.simulators.frames.mischief import Fault
from notifier.simulators.frames.request import Ending, Request

BARE_503: Reply = (503, [], b"")
PARTINGS = frozenset({Fault.GOAWAY, Fault.GOAWAY_BELOW})


class Misdeeds:
    """Serves the requests of one connection, unless the dice say otherwise."""

    def __init__(self, connection: Connection, handling: Handling) -> None:
        """Do wrong over this connection, and right by `handling`."""
        self._connection, self._handling, self._town = connection, handling, connection.town
        self._deeds: Mapping[Fault, Callable[[Request], None]] = {
            Fault.BLACK_HOLE: self._fall_silent,
            Fault.TCP_RESET: self._cut,
            Fault.GOAWAY_BELOW: self._leave_below,
            Fault.GOAWAY: self._leave,
            Fault.REFUSED: lambda request: connection.reset(request, ErrorCodes.REFUSED_STREAM),
            Fault.RESET: self._reset,
            Fault.BARE_503: lambda request: handling.answer(request, BARE_503),
            Fault.HALF_RESET: lambda request: self._send_half(request, Ending.RESET),
            Fault.HALF_SILENCE: lambda request: self._send_half(request, Ending.SILENCE),
            Fault.SILENCE: self._keep_silent,
            Fault.SLOW: lambda request: handling.serve(request, self._town.mischief.slow_seconds),
        }

    def meet(self, request: Request) -> None:
        """Serve one request, or throw something at it."""
        fault = self._town.dice.throw(request.endpoint.provider.name)
        if fault is None or (fault in PARTINGS and self._connection.parting.has_begun):
            self._handling.serve(request)
            return
        self._town.thrown.count(fault)
        self._deeds[fault](request)

    def _fall_silent(self, _: Request) -> None:
        self._connection.is_mute = True

    def _cut(self, request: Request) -> None:
        self._decide_perhaps(request)
        self._connection.cut()

    def _leave_below(self, request: Request) -> None:
        connection, mischief = self._connection, self._town.mischief
        connection.leave_below(mischief.goaway_code, mischief.goaway_reason)
        # Its body may have come after a later stream was decided; then it is not above what the GOAWAY names.
        if request.stream in connection.requests:
            self._handling.serve(request)

    def _leave(self, request: Request) -> None:
        self._handling.serve(request)
        self._connection.leave_in_peace()

    def _reset(self, request: Request) -> None:
        self._decide_perhaps(request)
        self._connection.reset(request, self._town.mischief.reset_code)

    def _send_half(self, request: Request, ending: Ending) -> None:
        reply = self._decide_perhaps(request) or request.endpoint.phrase(Condition())
        self._handling.answers.send_half(request, reply, ending)

    def _keep_silent(self, request: Request) -> None:
        self._decide_perhaps(request)
        self._connection.keep_silent(request)

    def _decide_perhaps(self, request: Request) -> Reply | None:
        if not self._town.dice.processes():
            return None
        self._connection.note_decided(request)
        return request.endpoint.decide(request.scope, request.body)
