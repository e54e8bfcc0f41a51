"""A server that misbehaves frame by frame, and counts what reached it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, RequestReceived, StreamEnded


class Act(StrEnum):
    ANSWER = "answer"
    HOLD = "hold"
    """Answers when it is released."""
    SILENCE = "silence"
    REFUSE = "refuse"
    CANCEL = "cancel"
    ABORT = "abort"
    GO_AWAY = "go_away"
    HALF = "half"
    """Half of an answer, then the stream is ended."""


class Frames:
    """What the server does with each request, and what it has seen."""

    def __init__(self) -> None:
        self.act = Act.ANSWER
        self.url, self.port = "", 0
        self.connections = 0
        self.requests: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.open_streams = 0
        self.most_open_streams = 0
        self.replies: deque[tuple[int, bytes]] = deque()
        self.released = asyncio.Event()
        self.held: set[asyncio.Task[None]] = set()

    def ids(self) -> set[str]:
        return {request["apns-id"] for request in self.requests}


class Session(asyncio.Protocol):
    """One connection."""

    def __init__(self, frames: Frames) -> None:
        self.frames = frames
        self.http = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.frames.connections += 1
        self.http.initiate_connection()
        self.flush()

    def data_received(self, data: bytes) -> None:
        for event in self.http.receive_data(data):
            if isinstance(event, RequestReceived):
                self.frames.requests.append({str(name): str(value) for name, value in event.headers})
                self.frames.open_streams += 1
                self.frames.most_open_streams = max(self.frames.most_open_streams, self.frames.open_streams)
            elif isinstance(event, DataReceived):
                self.frames.bodies.append(event.data)
            elif isinstance(event, StreamEnded):
                self.perform(event.stream_id)
        self.flush()

    def flush(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(self.http.data_to_send())

    def perform(self, stream: int) -> None:
        match self.frames.act:
            case Act.ANSWER:
                self.answer(stream)
            case Act.HOLD:
                task = asyncio.create_task(self.answer_later(stream))
                self.frames.held.add(task)
                task.add_done_callback(self.frames.held.discard)
            case Act.REFUSE:
                self.http.reset_stream(stream, ErrorCodes.REFUSED_STREAM)
            case Act.CANCEL:
                self.http.reset_stream(stream, ErrorCodes.INTERNAL_ERROR)
            case Act.ABORT:
                self.transport.abort()
            case Act.GO_AWAY:
                self.http.close_connection(ErrorCodes.ENHANCE_YOUR_CALM, last_stream_id=0)
            case Act.HALF:
                self.http.send_headers(stream, [(":status", "503"), ("content-length", "100")])
                self.http.send_data(stream, b'{"rea')
                self.http.reset_stream(stream, ErrorCodes.INTERNAL_ERROR)

    def answer(self, stream: int) -> None:
        status, body = self.frames.replies.popleft() if self.frames.replies else (200, b"")
        self.http.send_headers(stream, [(":status", str(status))], end_stream=not body)
        if body:
            self.http.send_data(stream, body, end_stream=True)
        self.frames.open_streams -= 1

    async def answer_later(self, stream: int) -> None:
        await self.frames.released.wait()
        self.answer(stream)
        self.flush()


@asynccontextmanager
async def serving_frames(address: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Frames]:
    """Serve on this port or a free one until the block ends."""
    frames = Frames()
    server = await asyncio.get_running_loop().create_server(lambda: Session(frames), address, port)
    frames.port = server.sockets[0].getsockname()[1]
    frames.url = f"http://{address}:{frames.port}"
    try:
        yield frames
    finally:
        for task in tuple(frames.held):
            task.cancel()
        server.close()
        await server.wait_closed()
