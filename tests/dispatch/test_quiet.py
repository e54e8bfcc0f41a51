"""Silent work of one lane: whose answer is slow keeps nobody else waiting."""

import asyncio
from collections.abc import Sequence

import pytest

from notifier.dispatch.debts import Owed, Paid
from notifier.domain.faults import Unavailable
from notifier.domain.identifiers import DeviceId
from notifier.domain.pushes import Accepted, Outcome, Parcel
from tests.dispatch.silence import owe, running, see


class Owing:
    """Owes what it is given, once; cannot be paid while it is `away`."""

    def __init__(self, owed: Sequence[Owed]) -> None:
        self.owed, self.paid, self.away = list(owed), list[DeviceId](), False
        self.asked, self.refused = list[int](), 0

    async def claim_quiet(self, lane: str, most: int) -> Sequence[Owed]:
        self.asked.append(most)
        claimed, self.owed = self.owed[:most], self.owed[most:]
        return claimed

    async def pay(self, paid: Sequence[Paid]) -> None:
        if self.away:
            self.refused += 1
            raise Unavailable("away")
        self.paid += [one.owed.device for one in paid if one.badge_done]


class SlowPost:
    """Answers at once, but for the slow devices."""

    def __init__(self, *slow: int) -> None:
        self._slow = {str(device) for device in slow}
        self.let_go = asyncio.Event()
        self.sent = list[str]()

    async def send(self, parcel: Parcel) -> Outcome:
        self.sent.append(parcel.token)
        if parcel.token in self._slow:
            await self.let_go.wait()
        return Accepted()


@pytest.mark.holds("R2", "R14", "I8")
async def test_whose_answer_is_slow_keeps_nobody_else_waiting() -> None:
    debts, post = Owing([owe(number) for number in range(1, 8)]), SlowPost(1)
    async with running(debts, post, most=2):
        await see(lambda: len(debts.paid) == 6)
        assert sorted(debts.paid) == [2, 3, 4, 5, 6, 7]
        post.let_go.set()
        await see(lambda: debts.paid[-1] == 1)


@pytest.mark.holds("R14", "I8")
async def test_no_more_devices_than_there_is_room_for_are_under_way() -> None:
    debts, post = Owing([owe(number) for number in range(1, 6)]), SlowPost(1, 2, 3)
    async with running(debts, post, most=2):
        await see(lambda: len(post.sent) == 2)
        await asyncio.sleep(0.03)
        assert (post.sent, debts.asked) == (["1", "2"], [2])
        post.let_go.set()
        await see(lambda: len(debts.paid) == 5)


@pytest.mark.holds("R14", "I8")
async def test_what_was_sent_while_nothing_could_be_stored_is_stored_later_and_not_sent_again() -> None:
    debts, post = Owing([owe(1)]), SlowPost()
    debts.away = True
    async with running(debts, post):
        await see(lambda: debts.refused > 1)
        debts.away = False
        await see(lambda: debts.paid == [1])
    assert post.sent == ["1"]


@pytest.mark.holds("B28")
async def test_while_it_is_halted_nothing_is_claimed() -> None:
    debts, post = Owing([owe(1)]), SlowPost()
    async with running(debts, post, halted=True):
        await asyncio.sleep(0.03)
    assert debts.asked == []
