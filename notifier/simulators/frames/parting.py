"""How a connection ends in good order: a GOAWAY, the last answers, and time for the client to hang up."""

import asyncio
from collections.abc import Callable

from notifier.simulators.frames.request import Request
from notifier.simulators.frames.wire import Wire

# After a GOAWAY: how long answers may take, and how long the client may take to hang up once it has them.
DRAIN_SECONDS = 30.0
LINGER_SECONDS = 0.3


class Parting:
    """Says goodbye once, and closes when nothing is owed any more."""

    def __init__(self, wire: Wire, transport: asyncio.Transport, requests: dict[int, Request]) -> None:
        """Part from the client of these requests."""
        self._wire, self._transport, self._requests = wire, transport, requests
        self._last_stream: int | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def has_begun(self) -> bool:
        """Say whether either side has said goodbye."""
        return self._last_stream is not None

    def ignores(self, stream: int) -> bool:
        """Say whether a stream came after what the GOAWAY named."""
        return self._last_stream is not None and stream > self._last_stream

    def leave(self, code: int, told: bytes, last_stream: int) -> None:
        """Send one GOAWAY: streams up to `last_stream` are still answered, those above it were not looked at."""
        if self.has_begun:
            return
        self._wire.close_connection(code, told, last_stream)
        self._begin(last_stream)

    def see_off(self) -> None:
        """Answer what the client asked before it took its leave."""
        if not self.has_begun:
            self._begin(self._wire.highest_inbound_stream_id)

    def end_if_done(self) -> None:
        """Close if goodbye was said and everything is answered."""
        if self.has_begun and not self._requests:
            self.close_soon()

    def close_soon(self) -> None:
        """Close so late that the client can read what was written, and hang up itself."""
        self._end_in(LINGER_SECONDS, self._transport.close)

    def cancel(self) -> None:
        """Have nothing to close any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _begin(self, last_stream: int) -> None:
        self._last_stream = last_stream
        for stream in [stream for stream in self._requests if stream > last_stream]:
            self._requests.pop(stream).stop_waiting()
        self._end_in(DRAIN_SECONDS, self._transport.abort)
        self.end_if_done()

    def _end_in(self, seconds: float, end: Callable[[], None]) -> None:
        self.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, end)
