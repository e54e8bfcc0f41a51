"""One connection as it sends and ends."""

import asyncio
import os
import socket
import struct
from collections.abc import Callable

from h2.errors import ErrorCodes

from notifier.simulators.endpoint import LONGEST_SILENCE_SECONDS
from notifier.simulators.frames.request import Request
from notifier.simulators.frames.town import Town
from notifier.simulators.frames.wire import Wire

# After a GOAWAY: how long answers may take, and how long the client may take to hang up once it has them all.
DRAIN_SECONDS = 30.0
LINGER_SECONDS = 0.5
CUT_AT_ONCE = struct.pack("ii", 1, 0)


class Connection:
    """What is open on one connection."""

    def __init__(self, town: Town, transport: asyncio.Transport) -> None:
        """Send over this transport."""
        self.town, self.wire = town, Wire()
        self.requests: dict[int, Request] = {}
        self.provider = ""
        self.last_decided = 0
        self.bad_tokens = 0
        self.is_black_hole = False
        self._transport, self._loop = transport, asyncio.get_running_loop()
        self._last_stream: int | None = None
        self._opened_seconds = self._loop.time()
        self._age: asyncio.TimerHandle | None = None
        self._parting: asyncio.TimerHandle | None = None

    @property
    def is_closed(self) -> bool:
        """Say whether nothing can be sent any more."""
        return self.is_black_hole or self._transport.is_closing()

    @property
    def is_leaving(self) -> bool:
        """Say whether a GOAWAY was sent."""
        return self._last_stream is not None

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
        self._part_if_done()

    def ignores(self, stream: int) -> bool:
        """Say whether a stream came after what the GOAWAY named."""
        return self._last_stream is not None and stream > self._last_stream

    def note_decided(self, request: Request) -> None:
        """Note that a request was looked at, so that no GOAWAY says otherwise."""
        self.last_decided = max(self.last_decided, request.stream)

    def explain(self, reason: str) -> bytes:
        """Phrase the reason of a GOAWAY as the provider does that is spoken to."""
        return self.town.explain(self.provider, reason)

    def leave_in_peace(self) -> None:
        """Send a GOAWAY NO_ERROR after which all that came is answered."""
        reason = self.explain(self.town.mischief.goaway_reason)
        self.leave(ErrorCodes.NO_ERROR, reason, self.wire.highest_inbound_stream_id)

    def leave(self, code: int, told: bytes, last_stream: int) -> None:
        """Send one GOAWAY: streams up to `last_stream` are still answered, those above it were not looked at."""
        if self.is_leaving:
            return
        self.wire.say_goodbye(code, told, last_stream)
        self._part(last_stream)

    def see_off(self) -> None:
        """Answer what the client asked before it took its leave."""
        if not self.is_leaving:
            self._part(self.wire.highest_inbound_stream_id)

    def cut(self) -> None:
        """Reset the TCP connection."""
        with socket.socket(fileno=os.dup(self._transport.get_extra_info("socket").fileno())) as same:
            same.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CUT_AT_ONCE)
        self._transport.abort()

    def turn_away(self, said: bytes) -> None:
        """Say one thing in another protocol, and close."""
        self._transport.write(said)
        self._transport.close()

    def hang_up(self) -> None:
        """Close when all that was written has left."""
        self._transport.close()

    def lose(self) -> None:
        """Have done with everything, for the connection is gone."""
        for timer in (self._age, self._parting):
            if timer is not None:
                timer.cancel()
        for request in self.requests.values():
            request.stop_waiting()
        self.requests.clear()

    def watch_age(self) -> None:
        """Leave when the connection is as old as is ordered."""
        if self._age is not None:
            self._age.cancel()
        most_seconds = self.town.mischief.max_age_seconds
        if most_seconds is not None:
            self._age = self._loop.call_at(self._opened_seconds + most_seconds, self._grow_old)

    def _part(self, last_stream: int) -> None:
        self._last_stream = last_stream
        for request in [request for request in self.requests.values() if request.stream > last_stream]:
            self.forget(request)
        self._parting = self._parting or self._loop.call_later(DRAIN_SECONDS, self._transport.abort)
        self._part_if_done()

    def _grow_old(self) -> None:
        if not self.is_leaving:
            self.town.thrown.count("max_age")
            self.leave_in_peace()
            self.flush()

    def _act(self, request: Request, act: Callable[[Request], None]) -> None:
        request.timer = None
        act(request)
        self.flush()

    def _part_if_done(self) -> None:
        if self.requests or not self.is_leaving:
            return
        if self._parting is not None:
            self._parting.cancel()
        self._parting = self._loop.call_later(LINGER_SECONDS, self._transport.close)
