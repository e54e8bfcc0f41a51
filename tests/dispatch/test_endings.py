"""A task that is asked to end does end, whatever it was at when it was asked."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from notifier.app import duties
from notifier.app.house import House
from notifier.app.sandbox.watching import again
from notifier.dispatch.patience import Patience
from notifier.dispatch.relay import Errand, Relay
from notifier.domain.faults import Unavailable

LONG = timedelta(seconds=60)
AT_ONCE_SECONDS = 2


class Nothing:
    """An outbox in which nothing is due, and a publisher that nobody asks."""

    async def claim(self, within: timedelta) -> Errand:
        return Errand(shards=(), parcels=())

    async def settle(self, errand: Errand) -> None:
        raise AssertionError("nothing was claimed")

    async def publish(self, topic: str, keys: Sequence[bytes], values: Sequence[bytes]) -> None:
        raise AssertionError("nothing was due")


@pytest.mark.holds("I12")
@pytest.mark.parametrize("ticks", range(6))
async def test_a_relay_ends_that_is_woken_and_cancelled_at_the_same_time(ticks: int) -> None:
    relay, wake = Relay(Nothing(), Nothing(), lambda _fact: None), asyncio.Event()
    running = asyncio.create_task(relay.run(asyncio.Event(), wake, LONG))
    await asyncio.sleep(0.01)
    wake.set()
    for _ in range(ticks):
        await asyncio.sleep(0)
    running.cancel()
    done, _ = await asyncio.wait([running], timeout=AT_ONCE_SECONDS)
    assert done == {running}
    assert running.cancelled()


Work = Callable[[], Awaitable[None]]
Loop = Callable[[House, Work], Coroutine[Any, Any, None]]
LOOPS: dict[str, Loop] = {
    "insist": lambda house, work: house.patience("test").insist(work),
    "every": lambda house, work: duties.every(timedelta(), work, house, "test"),
    "again": lambda house, work: again(house, timedelta(), work),
}


@pytest.mark.holds("I12")
@pytest.mark.parametrize(
    ("loop", "fault"),
    [
        pytest.param(loop, fault, id=f"{name}-{fault}")
        for name, loop in LOOPS.items()
        for fault in (None, Unavailable("a part: gone"))
        if not (name == "insist" and fault is None)  # which ends with its work
    ],
)
async def test_a_loop_ends_whose_work_made_something_else_of_its_cancellation(
    loop: Loop, fault: Exception | None
) -> None:
    async def work() -> None:
        try:
            await asyncio.sleep(LONG.total_seconds())
        except asyncio.CancelledError:
            if fault is not None:
                raise fault from None

    running = asyncio.create_task(loop(_house(), work))
    await asyncio.sleep(0.01)
    running.cancel()
    done, _ = await asyncio.wait([running], timeout=AT_ONCE_SECONDS)
    assert done == {running}


def _house() -> House:
    """Give what these loops ask of a house."""

    def patience(part: str) -> Patience:
        return Patience(part=part, chance=lambda: 0.5, observe=lambda _fact: None)

    return cast("House", SimpleNamespace(patience=patience, observe=lambda _fact: None))
