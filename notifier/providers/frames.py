"""What a process and its courier tell each other: frames of MessagePack over a socket pair that nobody else holds."""

import asyncio
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import cast

import msgspec

from notifier.domain.health import LaneState
from notifier.domain.pushes import Outcome, Parcel
from notifier.providers.apns import ApnsSettings
from notifier.providers.fcm import FcmSettings

LENGTH_BYTES = 4
LaneSettings = ApnsSettings | FcmSettings


class Begin(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """The first word: which lanes to open."""

    lanes: tuple[LaneSettings, ...]


class Load(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """Parcels to send, each with a number that its outcome will carry; `now` is the business clock's."""

    now: datetime
    parcels: list[tuple[int, Parcel]]


class End(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """The last word: finish what is in flight and leave."""


class Begun(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """The lanes are open, or cannot be: `fault` says why in sentences."""

    fault: str | None


class Outcomes(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """What became of parcels, by their numbers."""

    outcomes: list[tuple[int, Outcome]]


class States(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """How the lanes are."""

    states: list[LaneState]


Word = Begin | Load | End | Begun | Outcomes | States


def _read_path(_kind: type, text: str) -> Path:
    return Path(text)


# Paths are all that MessagePack does not know.
_encoder = msgspec.msgpack.Encoder(enc_hook=os.fspath)
_decoder = msgspec.msgpack.Decoder(Word, dec_hook=_read_path)


class Link(asyncio.Protocol):
    """One end of the socket pair; `lost` is told once, when the other end is gone."""

    def __init__(self, hear: Callable[[Word], None], lost: Callable[[], None]) -> None:
        self._hear, self._lost = hear, lost
        self._unread = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what writes."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Hand on every whole frame."""
        self._unread += data
        while len(self._unread) >= LENGTH_BYTES:
            end = LENGTH_BYTES + int.from_bytes(self._unread[:LENGTH_BYTES])
            if len(self._unread) < end:
                return
            word = _decoder.decode(self._unread[LENGTH_BYTES:end])
            del self._unread[:end]
            self._hear(word)

    def connection_lost(self, _fault: Exception | None) -> None:
        """Tell that nobody hears us any more."""
        self._transport = None
        self._lost()

    def say(self, word: Word) -> None:
        """Send one frame; said to nobody once the other end is gone."""
        if self._transport is not None:
            frame = _encoder.encode(word)
            self._transport.write(len(frame).to_bytes(LENGTH_BYTES) + frame)

    def close(self) -> None:
        """Close this end."""
        if self._transport is not None:
            self._transport.close()
