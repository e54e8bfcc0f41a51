"""How a connection ends in good order: a GOAWAY, the last answers, and time for the client to hang up."""

import asyncio

from notifier.simulators.frames.request import Request
from notifier.simulators.frames.wire import Wire

DRAIN_SECONDS = 30.0
LINGER_SECONDS = 0.5


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
        self._close_in(LINGER_SECONDS)

    def cancel(self) -> None:
        """Have nothing to close any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _begin(self, last_stream: int) -> None:
        self._last_stream = last_stream
        for stream in [stream for stream in self._requests if stream > last_stream]:
            self._requests.pop(stream).stop_waiting()
        self._close_in(DRAIN_SECONDS)
        self.end_if_done()

    def _close_in(self, seconds: float) -> None:
        self.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._transport.close)
