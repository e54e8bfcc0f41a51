"""A client that sends and keeps single frames of HTTP/2, and does nothing by itself but acknowledge SETTINGS."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from urllib.parse import urlsplit

import msgspec
from hpack import Decoder, Encoder
from hyperframe.frame import (
    DataFrame,
    Frame,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
)

from tests.simulators.pushing import ALERT, APNS_ID, TOKEN, Pushing

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
PUSH = msgspec.json.encode(ALERT)
LONG_SECONDS = 5.0


class Raw:
    """One connection, and every frame that came over it, in order."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, authorization: str) -> None:
        self.frames: list[Frame] = []
        self.headers: dict[int, dict[str, str]] = {}
        self.end: str = ""
        """How the connection ended: "closed" or "reset"."""
        self.acknowledges = True
        self._reader, self._writer, self._authorization = reader, writer, authorization
        self._encoder, self._decoder, self._rest = Encoder(), Decoder(), b""
        self._streams = count(1, 2)

    def send(self, *frames: Frame) -> None:
        self._writer.write(b"".join(frame.serialize() for frame in frames))

    def ask(
        self, path: str = f"/3/device/{TOKEN}", *, authority: str = ":authority", ends: bool = False, **changes: str
    ) -> int:
        """Send the headers of a push and give its stream; `changes` are named with underscores, "" leaves one out."""
        stream = next(self._streams)
        given = {
            ":method": "POST",
            ":scheme": "https",
            ":path": path,
            authority: "api.push.apple.com",
            "authorization": self._authorization,
            "apns-topic": "se.inera.test.app",
            "apns-push-type": "alert",
            "apns-id": APNS_ID,
            **{name.replace("_", "-"): value for name, value in changes.items()},
        }
        block = self._encoder.encode([(name, value) for name, value in given.items() if value])
        flags = ["END_HEADERS", "END_STREAM"] if ends else ["END_HEADERS"]
        self.send(HeadersFrame(stream, data=block, flags=flags))
        return stream

    def push(self, path: str = f"/3/device/{TOKEN}", *, body: bytes = PUSH, **changes: str) -> int:
        """Send a whole push and give its stream."""
        stream = self.ask(path, **changes)  # type: ignore[arg-type]
        self.give(stream, body, ends=True)
        return stream

    def give(self, stream: int, body: bytes, *, ends: bool) -> None:
        self.send(DataFrame(stream, data=body, flags=["END_STREAM"] if ends else []))

    def ping(self) -> None:
        self.send(PingFrame(opaque_data=b"are you?"))

    def give_up(self, stream: int) -> None:
        self.send(RstStreamFrame(stream, error_code=8))

    def say_goodbye(self) -> None:
        self.send(GoAwayFrame(last_stream_id=0))

    def widen(self, stream: int, size_bytes: int) -> None:
        self.send(WindowUpdateFrame(stream, window_increment=size_bytes))

    async def until(self, is_so: Callable[[], object]) -> None:
        """Read until it is so, five seconds at most."""
        async with asyncio.timeout(LONG_SECONDS):
            while not is_so() and not self.end:
                await self._read()
        assert is_so(), [frame.__class__.__name__ for frame in self.frames[-9:]]

    async def over(self, *streams: int) -> None:
        """Read until these streams have ended, well or not."""
        await self.until(lambda: all(self.has_ended(stream) for stream in streams))

    async def ended(self) -> str:
        """Read until the connection has ended, and say how."""
        await self.until(lambda: self.end)
        return self.end

    async def quiet(self, seconds: float) -> None:
        """Read what comes for a while."""
        try:
            async with asyncio.timeout(seconds):
                while not self.end:
                    await self._read()
        except TimeoutError:
            return

    def of(self, stream: int) -> list[Frame]:
        return [frame for frame in self.frames if frame.stream_id == stream]

    def has_ended(self, stream: int) -> bool:
        return any("END_STREAM" in frame.flags or isinstance(frame, RstStreamFrame) for frame in self.of(stream))

    def status(self, stream: int) -> int:
        return int(self.headers[stream][":status"])

    def bodies(self, stream: int) -> list[bytes]:
        return [frame.data for frame in self.of(stream) if isinstance(frame, DataFrame)]

    def reset(self, stream: int) -> int | None:
        """Give the code of the RST_STREAM of a stream, None if there was none."""
        codes = [frame.error_code for frame in self.of(stream) if isinstance(frame, RstStreamFrame)]
        return codes[0] if codes else None

    @property
    def goaways(self) -> list[tuple[int, int, bytes]]:
        """Each GOAWAY: its code, the last stream and the debug data."""
        found = [frame for frame in self.frames if isinstance(frame, GoAwayFrame)]
        return [(frame.error_code, frame.last_stream_id, frame.additional_data) for frame in found]

    def announced(self, setting: int) -> list[int]:
        """Each value of one setting that was announced."""
        told = [frame.settings for frame in self.frames if isinstance(frame, SettingsFrame)]
        return [settings[setting] for settings in told if setting in settings]

    def widened(self, stream: int) -> list[int]:
        """Each step in which a window was given back; stream 0 is the connection."""
        return [frame.window_increment for frame in self.of(stream) if isinstance(frame, WindowUpdateFrame)]

    async def close(self) -> None:
        self._writer.close()

    async def _read(self) -> None:
        try:
            read = await self._reader.read(65_536)
        except ConnectionResetError:
            self.end = "reset"
            return
        if not read:
            self.end = "closed"
        self._rest += read
        while len(self._rest) >= 9:
            frame, length = Frame.parse_frame_header(memoryview(self._rest[:9]))
            if len(self._rest) < 9 + length:
                break
            frame.parse_body(memoryview(self._rest[9 : 9 + length]))
            self._rest = self._rest[9 + length :]
            self._keep(frame)

    def _keep(self, frame: Frame) -> None:
        self.frames.append(frame)
        if isinstance(frame, HeadersFrame):
            self.headers[frame.stream_id] = dict(self._decoder.decode(frame.data))  # type: ignore[arg-type]
        if isinstance(frame, SettingsFrame) and "ACK" not in frame.flags and self.acknowledges:
            self.send(SettingsFrame(flags=["ACK"]))


@asynccontextmanager
async def raw(pushing: Pushing, *, tls: ssl.SSLContext | None = None, **settings: int) -> AsyncIterator[Raw]:
    """Connect for the block and send the preface; `settings` by their number: `s4=10` is a window of ten bytes."""
    place = urlsplit(pushing.child.apns if pushing.child.apns != "-" else pushing.child.fcm)
    reader, writer = await asyncio.open_connection(place.hostname, place.port, ssl=tls)
    client = Raw(reader, writer, pushing.authorization)
    writer.write(PREFACE)
    client.send(SettingsFrame(settings={int(name[1:]): value for name, value in settings.items()}))
    try:
        yield client
    finally:
        await client.close()
