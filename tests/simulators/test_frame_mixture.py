"""All faults at random over a client that others use: what was answered is shown, and nothing stays open."""

import asyncio
from collections import Counter
from datetime import timedelta
from itertools import count, islice

import pytest
from pyreqwest.exceptions import RequestError

from tests.simulators.child import client
from tests.simulators.framing import ONLY_FRAMES, Framing

pytestmark = [pytest.mark.holds("R13"), ONLY_FRAMES]

PUSHES = 2_000
"""Ten of each of the rarest, so that none is missing by chance."""
MIXTURE = {
    "seed": 7,
    "processed": 0.5,
    "slow_seconds": 0.1,
    "spread_seconds": 0.01,
    "goaway_below": 0.005,
    "goaway": 0.005,
    "refused": 0.01,
    "reset": 0.01,
    "tcp_reset": 0.005,
    "bare_503": 0.01,
    "half_reset": 0.01,
    "half_silence": 0.005,
    "silence": 0.005,
    "slow": 0.005,
    "split": 0.5,
}
KNOBS = list(MIXTURE)[:4]


async def test_a_mixture_with_a_seed_throws_everything_and_keeps_its_books(framing: Framing) -> None:
    await framing.order(**MIXTURE)
    pushing = framing.pushing
    numbers = islice(count(), PUSHES)
    answered: list[str] = []
    ended = Counter[str]()

    async def send_some() -> None:
        for number in numbers:
            # Each twentieth is an error with a body.
            token, priority = f"{number:08x}", "10" if number % 20 else "7"
            try:
                answer = await pushing.apns(path=f"/3/device/{token}", apns_priority=priority)
            except RequestError:
                ended["without an answer"] += 1
                continue
            ended[str(answer.status)] += 1
            if answer.status == 200:
                answered.append(token)

    async with client(timeout=timedelta(seconds=1)) as pushing.http, asyncio.TaskGroup() as senders:
        for _ in range(40):
            senders.create_task(send_some())
    # A client of pyreqwest keeps its connection until nothing refers to it, closed or not.
    del pushing.http

    thrown = await framing.counts()
    shown = (await pushing.child.order("GET", "/phones")).json()["phones"]
    assert isinstance(shown, list)
    assert [name for name in MIXTURE if name not in thrown] == KNOBS
    assert ended.total() == PUSHES
    assert ended["200"] > PUSHES * 0.6
    assert set(answered) <= {phone["token"] for phone in shown}
    assert {phone["received"] for phone in shown} == {1}
    assert len(shown) == (await framing.counts("apns"))["accepted"]
    async with asyncio.timeout(5):
        while [(await framing.open())[name] for name in ("connections", "in_flight")] != [0, 0]:
            await asyncio.sleep(0.1)
