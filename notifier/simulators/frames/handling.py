"""Decides requests as the fast server does, and sends the answers."""

from h2.errors import ErrorCodes

from notifier.simulators.endpoint import Reply, suffer
from notifier.simulators.faults import CLEAR
from notifier.simulators.frames.answers import Answers
from notifier.simulators.frames.connection import Connection
from notifier.simulators.frames.limits import StreamLimit
from notifier.simulators.frames.mischief import Fault
from notifier.simulators.frames.request import Ending, Request

BAD_TOKEN = "BadDeviceToken"  # noqa: S105 - a reason of Apple's


class Handling:
    """Handles the requests of one connection."""

    def __init__(self, connection: Connection, limit: StreamLimit) -> None:
        """Answer over this connection, whose limit learns from the answers."""
        self._connection, self._limit, self._town = connection, limit, connection.town
        self.answers = Answers(connection.wire, self._end)

    def serve(self, request: Request, held_back_seconds: float = 0.0) -> None:
        """Decide a request now, and answer it now or later."""
        self._connection.note_decided(request)
        reply, seconds = self._decide(request)
        if reply is None:
            self._connection.keep_silent(request)
            return
        seconds += held_back_seconds + self._town.dice.latency_seconds(request.endpoint.provider.name)
        if seconds:
            self._connection.later(request, seconds, lambda late: self.answer(late, reply))
        else:
            self.answer(request, reply)

    def answer(self, request: Request, reply: Reply) -> None:
        """Send an answer, and do what follows from it."""
        status, _, body = reply
        if (streams := self._limit.learn(status)) is not None:
            self._connection.wire.allow_streams(streams)
        split = bool(body) and self._town.dice.splits(request.endpoint.provider.name)
        if split:
            self._town.thrown.count(Fault.SPLIT)
        self.answers.send(request, reply, split=split)
        if status == 400 and BAD_TOKEN.encode() in body:
            self._count_bad_token()

    def _decide(self, request: Request) -> tuple[Reply | None, float]:
        endpoint = request.endpoint
        provider = endpoint.provider
        condition = None if provider.condition is CLEAR else provider.strike()
        if condition is None:
            return endpoint.decide(request.scope, request.body), 0.0
        return suffer(endpoint, condition, request.scope, request.body)

    def _count_bad_token(self) -> None:
        connection, most = self._connection, self._town.mischief.bad_tokens
        connection.bad_tokens += 1
        if most is not None and connection.bad_tokens == most:
            self._town.thrown.count("bad_tokens")
            connection.leave_below(ErrorCodes.ENHANCE_YOUR_CALM, BAD_TOKEN)

    def _end(self, request: Request) -> None:
        match request.ending:
            case Ending.WHOLE:
                self._connection.forget(request)
            case Ending.RESET:
                self._connection.reset(request, self._town.mischief.reset_code)
            case Ending.SILENCE:
                self._connection.keep_silent(request)
