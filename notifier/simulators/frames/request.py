"""One request as it arrives, and its answer as it leaves."""

from asyncio import TimerHandle
from collections import deque
from collections.abc import Iterable
from enum import Enum, auto
from urllib.parse import unquote

import msgspec

from notifier.simulators.endpoint import Endpoint

# Above what either provider takes; what comes beyond it changes no answer and is not kept.
MOST_BODY_BYTES = 65_536


class Ending(Enum):
    """How the answer ends once all of it that shall be sent was sent."""

    WHOLE = auto()
    RESET = auto()
    SILENCE = auto()


class FrameScope(msgspec.Struct, frozen=True, kw_only=True):
    """A request as the endpoints read it."""

    method: str
    path: str
    headers: dict[str, str]
    client: str
    http_version: str = "2"


class Request(msgspec.Struct, kw_only=True):
    """One stream from its first frame to its last."""

    stream: int
    scope: FrameScope
    endpoint: Endpoint
    body: bytes = b""
    credit_bytes: int = 0
    """Received, and not yet given back to the client's window."""
    timer: TimerHandle | None = None
    pieces: deque[bytes] = msgspec.field(default_factory=deque)
    """What of the answer waits for the client's window."""
    ending: Ending = Ending.WHOLE

    def stop_waiting(self) -> None:
        """Let nothing happen later."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


def read_scope(headers: Iterable[tuple[bytes, bytes]], client: str) -> FrameScope:
    """Read the headers of a request; `host` does instead of `:authority`, for neither is needed here."""
    read = {name.decode("utf-8", "replace"): value.decode("utf-8", "replace") for name, value in headers}
    method, path, _, _ = (read.pop(name, "") for name in (":method", ":path", ":scheme", ":authority"))
    path = path.partition("?")[0]
    return FrameScope(method=method, path=unquote(path) if "%" in path else path, headers=read, client=client)
