"""Silent work at the attempt: on which connection it travels, and what it says of the token (R14, R17)."""

from collections.abc import Sequence

import msgspec
import pytest

from notifier.dispatch.debts import Owed, Paid
from notifier.domain.identifiers import CollapseId
from notifier.domain.people import Platform
from notifier.domain.pushes import Accepted, Again, Outcome, Parcel, Refused, TokenGone, Trouble
from tests.dispatch.silence import owe, running, see

NOT_SENT = Again(trouble=Trouble.NOT_SENT)
SHOWN = (CollapseId(bytes(16)),)
OWED = msgspec.structs.replace(owe(1), removals=SHOWN, doubtful=True)


class Post:
    """Answers each parcel with the next of these."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self.parcels: list[Parcel] = []
        self._outcomes = list(outcomes)

    async def send(self, parcel: Parcel) -> Outcome:
        self.parcels.append(parcel)
        return self._outcomes.pop(0)


class Debts:
    """Owes one device something once."""

    def __init__(self, owed: Owed) -> None:
        self.owed = [owed]
        self.paid: list[Paid] = []

    async def claim_quiet(self, lane: str, most: int) -> Sequence[Owed]:
        claimed, self.owed = self.owed, []
        return claimed

    async def pay(self, paid: Sequence[Paid]) -> None:
        self.paid += paid


async def pay(owed: Owed, *outcomes: Outcome) -> tuple[Paid, list[Parcel]]:
    """Pay what a device is owed, and give what was sent."""
    debts, post = Debts(owed), Post(outcomes)
    async with running(debts, post):
        await see(lambda: bool(debts.paid))
    return debts.paid[0], post.parcels


@pytest.mark.holds("R17", "R14")
@pytest.mark.parametrize("doubtful", [True, False])
@pytest.mark.parametrize("platform", [Platform.IOS, Platform.ANDROID])
async def test_badge_and_removal_are_in_doubt_as_their_device_is(platform: Platform, doubtful: bool) -> None:
    owed = msgspec.structs.replace(OWED, platform=platform, doubtful=doubtful)
    paid, parcels = await pay(owed, Accepted(), Accepted())
    assert {parcel.doubtful for parcel in parcels} == {doubtful}
    assert (paid.badge_done, paid.removal_done, paid.taken) == (True, True, True)


@pytest.mark.holds("R17", "R14")
@pytest.mark.parametrize(
    ("outcomes", "taken"),
    [
        ((Accepted(), NOT_SENT), True),
        ((NOT_SENT, Accepted()), True),
        ((NOT_SENT, NOT_SENT), False),
        ((TokenGone(since=None), TokenGone(since=None)), False),
        ((Refused(trouble=Trouble.REFUSED), NOT_SENT), False),
    ],
)
async def test_a_token_works_only_where_the_provider_took_something(
    outcomes: tuple[Outcome, Outcome], taken: bool
) -> None:
    assert (await pay(OWED, *outcomes))[0].taken is taken


@pytest.mark.holds("R17", "R14")
@pytest.mark.parametrize(
    "owed",
    [
        msgspec.structs.replace(OWED, with_badge=False, removals=()),
        msgspec.structs.replace(OWED, with_badge=False, removed=2),
        msgspec.structs.replace(OWED, gone=True),
    ],
    ids=["nothing is owed", "the budget is spent", "the device is gone"],
)
async def test_where_nothing_is_sent_nothing_is_said_of_the_token(owed: Owed) -> None:
    paid, parcels = await pay(owed)
    assert (paid.taken, parcels) == (False, [])
