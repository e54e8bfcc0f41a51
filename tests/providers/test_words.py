"""What travels between a process and its courier arrives as it was, in whatever pieces."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.health import Health, LaneState
from notifier.domain.identifiers import CollapseId
from notifier.domain.pushes import Accepted, Again, BadgeDown, Outcome, Refused, Removal, TokenGone, Trouble
from notifier.domain.verdicts import Loudness
from notifier.providers.fcm import FcmSettings
from notifier.providers.frames import Begin, Begun, End, Link, Load, Outcomes, States, Word
from tests.providers.lanes import apns_settings, route
from tests.wire.parcels import ANDROID_TOKEN, EXPIRES, alert, parcel

pytestmark = pytest.mark.holds("R12")
KEYS = Path("/keys")
OUTCOMES: tuple[Outcome, ...] = (
    Accepted(),
    TokenGone(since=None),
    TokenGone(since=EXPIRES),
    Again(trouble=Trouble.BUSY, after=timedelta(seconds=30, microseconds=5)),
    Again(trouble=Trouble.UNKNOWN, unknown=True),
    Refused(trouble=Trouble.CONFIGURATION),
)
PARCELS = (
    parcel(alert(sealed=bytes(range(256)), loudness=Loudness.PASSIVE)),
    parcel(alert(sealed=None), token=ANDROID_TOKEN, kind="fid"),
    parcel(BadgeDown(badge=0)),
    parcel(Removal(collapse_ids=(CollapseId(bytes(16)), CollapseId(bytes(range(16)))), badge=7)),
)
SETTINGS = (
    apns_settings(route("https://api.push.apple.com", ca_file=KEYS / "ca.pem"), KEYS),
    FcmSettings(lane="fcm", route=route("http://127.0.0.1:9"), service_account_file=KEYS / "fcm.json"),
)
WORDS: tuple[Word, ...] = (
    Begin(SETTINGS),
    Begun(None),
    Begun("Åh nej."),
    Load(datetime(2026, 11, 22, 14, 30, tzinfo=UTC), list(enumerate(PARCELS))),
    Outcomes(list(enumerate(OUTCOMES))),
    States([LaneState(lane="fcm", health=Health.STOPPED, fault="Åh nej.", reply=timedelta(milliseconds=61))]),
    End(),
)


class Wire(asyncio.Transport):
    """Keeps what was written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data


@given(st.integers(1, 400))
def test_words_arrive_in_order_however_they_are_cut(size: int) -> None:
    heard: list[Word] = []
    wire, link = Wire(), Link(heard.append, lambda: None)
    link.connection_made(wire)
    for word in WORDS:
        link.say(word)
    for at in range(0, len(wire.written), size):
        link.data_received(wire.written[at : at + size])

    assert tuple(heard) == WORDS


def test_nothing_is_said_to_nobody() -> None:
    lost: list[str] = []
    link = Link(lambda word: None, lambda: lost.append("lost"))
    link.say(End())
    wire = Wire()
    link.connection_made(cast("asyncio.Transport", wire))
    link.connection_lost(None)
    link.say(End())

    assert (wire.written, lost) == (b"", ["lost"])
