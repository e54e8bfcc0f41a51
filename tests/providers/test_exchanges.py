"""What becomes of one request when the network does what it likes; each test counts what reached the server."""

import asyncio
import logging
from pathlib import Path

import pytest

from notifier.domain.pushes import Accepted, Again, Trouble
from tests.providers.frames import Act, Frames
from tests.providers.lanes import NOWHERE, apns_lane, fresh_parcel, route
from tests.wire.parcels import IOS_TOKEN

NOT_SENT = Again(trouble=Trouble.NOT_SENT)
UNKNOWN = Again(trouble=Trouble.UNKNOWN, unknown=True)
# The library itself resends a refused stream twice (TRAPS); every other fault must reach the server once only.
FAULTS = [
    (Act.REFUSE, NOT_SENT, 3),
    (Act.GO_AWAY, NOT_SENT, 1),
    (Act.CANCEL, UNKNOWN, 1),
    (Act.HALF, UNKNOWN, 1),
    (Act.ABORT, UNKNOWN, 1),
    (Act.SILENCE, UNKNOWN, 1),
]


def said_by_us(caplog: pytest.LogCaptureFixture) -> str:
    """Give all log lines but those of the test's own server."""
    return "".join(record.getMessage() for record in caplog.records if not record.name.startswith(("h2", "hpack")))


@pytest.mark.holds("R12", "I3", "I10")
@pytest.mark.parametrize(("act", "outcome", "arrivals"), FAULTS)
async def test_a_fault_becomes_a_value_that_tells_whether_the_push_may_have_been_shown(
    act: Act, outcome: Again, arrivals: int, frames: Frames, keys: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    frames.act = act
    async with apns_lane(route(frames.url, most_connections=1), keys) as lane:
        answer = await lane.send(fresh_parcel())
        before = len(frames.requests)
        frames.act = Act.ANSWER
        again = await lane.send(fresh_parcel())

    assert answer == outcome
    assert before == arrivals
    assert again == Accepted()
    assert frames.ids() == {"00000000-0000-0000-0000-000000000001"}
    assert IOS_TOKEN not in repr(answer) + said_by_us(caplog)


@pytest.mark.holds("R12", "I10")
async def test_a_provider_that_is_not_there_got_nothing(keys: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with apns_lane(route(NOWHERE), keys) as lane:
        answers = await asyncio.gather(*(lane.send(fresh_parcel(number=number)) for number in range(20)))

    assert set(map(repr, answers)) == {repr(NOT_SENT)}
    assert IOS_TOKEN not in said_by_us(caplog)
