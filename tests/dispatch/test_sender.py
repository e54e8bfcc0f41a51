"""What a sender decides at the attempt, and not before."""

import pytest

from notifier.dispatch.badges import Badges
from notifier.dispatch.sender import Sender
from notifier.domain.pushes import Alert
from notifier.domain.verdicts import Loudness
from tests.dispatch.parts import LANE, Clock, Post, a_due


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def sender(clock: Clock, post: Post) -> Sender:
    return Sender(
        transports={LANE: post}, open_token=lambda _device, _sealed: "token", badges=Badges(), key_id="1",
        wall=clock.now, monotonic=clock, observe=lambda _fact: None, reach=lambda _point: None,
    )  # fmt: skip


@pytest.mark.holds("A29", "I3")
@pytest.mark.parametrize(("waited", "loudness"), [(9.9, Loudness.ACTIVE), (10.0, Loudness.PASSIVE)])
async def test_a_resend_is_silent_from_its_instant_on_however_long_it_waited_in_its_lane(
    sender: Sender, clock: Clock, post: Post, waited: float, loudness: Loudness
) -> None:
    due = a_due(quiet_from=clock() + 10)
    clock.move(waited)
    await sender.attempt(due)
    (parcel,) = post.parcels
    assert isinstance(parcel.content, Alert)
    assert parcel.content.loudness is loudness


@pytest.mark.holds("A29")
async def test_what_was_never_in_doubt_sounds_however_late(sender: Sender, clock: Clock, post: Post) -> None:
    clock.move(3600)
    await sender.attempt(a_due())
    assert [parcel.content.loudness for parcel in post.parcels] == [Loudness.ACTIVE]  # type: ignore[union-attr]


@pytest.mark.holds("R17")
@pytest.mark.parametrize("doubtful", [True, False])
async def test_a_push_is_in_doubt_as_its_device_is(sender: Sender, post: Post, doubtful: bool) -> None:
    await sender.attempt(a_due(doubtful=doubtful))
    assert [parcel.doubtful for parcel in post.parcels] == [doubtful]
