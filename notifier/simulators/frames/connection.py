"""One connection as it sends and ends."""

import asyncio
import socket
import struct
from collections.abc import Callable

from h2.errors import ErrorCodes

from notifier.simulators.endpoint import LONGEST_SILENCE_SECONDS
from notifier.simulators.frames.parting import Parting
from notifier.simulators.frames.request import Request
from notifier.simulators.frames.town import Town
from notifier.simulators.frames.wire import Wire

CUT_AT_ONCE = struct.pack("ii", 1, 0)


class Connection:
    """What is open on one connection."""

    def __init__(self, town: Town, transport: asyncio.Transport) -> None:
        """Send over this transport."""
        self.town, self.wire = town, Wire()
        self.requests: dict[int, Request] = {}
        self.parting = Parting(self.wire, transport, self.requests)
        self.provider = ""
        self.last_decided = 0
        self.bad_tokens = 0
        self.is_mute = False
        self._transport, self._loop = transport, asyncio.get_running_loop()
        self._opened_seconds = self._loop.time()
        self._age: asyncio.TimerHandle | None = None

    @property
    def is_closed(self) -> bool:
        """Say whether nothing can be heard and said any more."""
        return self.is_mute or self._transport.is_closing()

    def flush(self) -> None:
        """Let what was said leave."""
        if (frames := self.wire.data_to_send()) and not self.is_closed:
            self._transport.write(frames)

    def later(self, request: Request, seconds: float, act: Callable[[Request], None]) -> None:
        """Do something for a request that is still open then."""
        request.timer = self._loop.call_later(seconds, self._act, request, act)

    def keep_silent(self, request: Request) -> None:
        """Say no more until the client gives up, two minutes at most."""
        self.later(request, LONGEST_SILENCE_SECONDS, lambda silent: self.reset(silent, ErrorCodes.CANCEL))

    def reset(self, request: Request, code: int) -> None:
        """End one stream."""
        self.wire.reset_stream(request.stream, code)
        self.forget(request)

    def forget(self, request: Request) -> None:
        """Have done with a request."""
        request.stop_waiting()
        self.requests.pop(request.stream, None)
        self.parting.end_if_done()

    def note_decided(self, request: Request) -> None:
        """Note that a request was looked at, so that no GOAWAY says otherwise."""
        self.last_decided = max(self.last_decided, request.stream)

    def leave_below(self, code: int, reason: str) -> None:
        """Send a GOAWAY that names the last request that was looked at."""
        self.parting.leave(code, self.town.explain(self.provider, reason), self.last_decided)

    def leave_in_peace(self) -> None:
        """Send a GOAWAY NO_ERROR after which all that came is answered."""
        told = self.town.explain(self.provider, self.town.mischief.goaway_reason)
        self.parting.leave(ErrorCodes.NO_ERROR, told, self.wire.highest_inbound_stream_id)

    def cut(self) -> None:
        """Reset the TCP connection, unless it is closing already."""
        if not self._transport.is_closing():
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CUT_AT_ONCE)
        self._transport.abort()

    def turn_away(self, said: bytes) -> None:
        """Say one thing in another protocol, and close."""
        self._transport.write(said)
        self._transport.close()

    def hang_up(self) -> None:
        """Neither hear nor say any more, and close."""
        self.is_mute = True
        self._drop_requests()
        self.parting.close_soon()

    def lose(self) -> None:
        """Have done with everything, for the connection is gone."""
        self._forget_age()
        self.parting.cancel()
        self._drop_requests()

    def watch_age(self) -> None:
        """Leave when the connection is as old as is ordered."""
        self._forget_age()
        most_seconds = self.town.mischief.max_age_seconds
        if most_seconds is not None:
            self._age = self._loop.call_at(self._opened_seconds + most_seconds, self._grow_old)

    def _grow_old(self) -> None:
        if not self.parting.has_begun:
            self.town.thrown.count("max_age")
            self.leave_in_peace()
            self.flush()

    def _forget_age(self) -> None:
        if self._age is not None:
            self._age.cancel()

    def _drop_requests(self) -> None:
        for request in self.requests.values():
            request.stop_waiting()
        self.requests.clear()

    def _act(self, request: Request, act: Callable[[Request], None]) -> None:
        request.timer = None
        act(request)
        self.flush()
