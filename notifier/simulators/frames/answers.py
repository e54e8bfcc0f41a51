"""Sends answers, never beyond the client's windows (RFC 9113, 6.9.1)."""

from collections.abc import Callable

from notifier.simulators.endpoint import Reply
from notifier.simulators.frames.request import Ending, Request
from notifier.simulators.frames.wire import Wire


class Answers:
    """What leaves one connection."""

    def __init__(self, wire: Wire, sent: Callable[[Request], None]) -> None:
        """Tell `sent` of each request whose answer has left as far as it shall."""
        self._wire, self._sent = wire, sent

    def send(self, request: Request, reply: Reply, *, split: bool = False) -> None:
        """Send a whole answer; `split`: its body in two frames."""
        status, headers, body = reply
        self._wire.send_headers(request.stream, [(":status", str(status)), *headers], end_stream=not body)
        if not body:
            self._sent(request)
            return
        half = len(body) // 2
        request.pieces.extend((body[:half], body[half:]) if split and half else (body,))
        self.go_on(request)

    def send_half(self, request: Request, reply: Reply, ending: Ending) -> None:
        """Send headers and half of the body, and what then ends it or not."""
        status, headers, body = reply
        length = ("content-length", str(len(body)))
        self._wire.send_headers(request.stream, [(":status", str(status)), *headers, length], end_stream=False)
        request.ending = ending
        if half := body[: len(body) // 2]:
            request.pieces.append(half)
        self.go_on(request)

    def go_on(self, request: Request) -> None:
        """Send of the body what the windows let through."""
        pieces = request.pieces
        while pieces:
            room = min(self._wire.local_flow_control_window(request.stream), self._wire.max_outbound_frame_size)
            if room <= 0:
                return
            piece = pieces.popleft()
            if len(piece) > room:
                pieces.appendleft(piece[room:])
            is_last = not pieces and request.ending is Ending.WHOLE
            self._wire.send_data(request.stream, piece[:room], end_stream=is_last)
        self._sent(request)
