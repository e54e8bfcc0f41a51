"""Tokens that Apple ends connections for, beside those that it takes (R17; protocols 2.1, 2.7)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec
import pytest

from notifier.domain.pushes import Accepted, Again, Outcome, Parcel, TokenGone
from notifier.providers.courier import Courier
from tests.providers.lanes import apns_settings, fresh_parcel, now, route
from tests.simulators.child import Child, running

pytestmark = pytest.mark.holds("R12", "R13", "R17")
FLOOD, PROVEN = 400, 400


@pytest.fixture
async def apple(keys: Path) -> AsyncIterator[Child]:
    """Run Apple at frame level; every token that begins with `dead` is bad."""
    flags = ("--control-port", "0", "--key-id", "SIMULATED1", "--team-id", "SIMULATEAM", "--topic", "se.1177.app")
    async with running("apns", "--frames", "--apns-key", str(keys / "apns.p8"), *flags) as child:
        await child.order("PUT", "/tokens", {dead(number).token: {"state": "bad"} for number in range(FLOOD)})
        yield child


@pytest.fixture
async def courier(apple: Child, keys: Path) -> AsyncIterator[Courier]:
    """Lend a courier with a lane that has plenty of time."""
    courier = Courier([apns_settings(route(apple.apns), keys)], now)
    try:
        await courier.open()
        yield courier
    finally:
        await courier.close()


def dead(number: int) -> Parcel:
    return _to_lane(fresh_parcel(f"dead{number:060x}", number=number, doubtful=True))


def proven(number: int) -> Parcel:
    return _to_lane(fresh_parcel(f"{number:064x}", number=FLOOD + number))


def _to_lane(parcel: Parcel) -> Parcel:
    return msgspec.structs.replace(parcel, lane="apns:production:se.1177.app")


async def _send_until_answered(courier: Courier, parcels: Sequence[Parcel]) -> list[Outcome]:
    """Send these, and again what was not taken, as the ledger does later."""
    outcomes: dict[bytes, Outcome] = {}
    async with asyncio.timeout(30):
        while left := [one for one in parcels if not isinstance(outcomes.get(one.id), TokenGone)]:
            said = await asyncio.gather(*(courier.send(one) for one in left))
            outcomes |= {one.id: outcome for one, outcome in zip(left, said, strict=True)}
            await asyncio.sleep(0.05)
    return [outcomes[one.id] for one in parcels]


async def counts(apple: Child) -> dict[str, dict[str, int]]:
    return (await apple.order("GET", "/counts")).json()  # type: ignore[return-value]


async def test_a_flood_of_dead_tokens_ends_no_connection_but_its_own(apple: Child, courier: Courier) -> None:
    """Where Apple lets one stream through after a bad token, what shared the connection would wait with the flood."""
    await apple.order("PUT", "/frames", {"bad_tokens": 10, "fall_back": True, "latency_seconds": 0.01})
    await courier.send(proven(0))
    flood = asyncio.create_task(_send_until_answered(courier, [dead(number) for number in range(FLOOD)]))
    sent = []
    for first in range(1, PROVEN, 10):
        sent += await asyncio.gather(*(courier.send(proven(number)) for number in range(first, first + 10)))
    before = not flood.done()
    said, gone = await counts(apple), await flood

    assert set(sent) == {Accepted()}
    assert said["apns"]["accepted"] == 1 + len(sent), "each was sent once, also while connections were ended"
    assert before, "they went as fast as if there were no flood"
    assert gone == [TokenGone(since=None)] * FLOOD
    assert (await counts(apple))["frames"]["bad_tokens"] >= FLOOD // 20


async def test_while_the_one_for_doubtful_tokens_stands_still_the_others_go(apple: Child, courier: Courier) -> None:
    await apple.order("PUT", "/frames", {"latency_seconds": 3.0})
    stuck = [asyncio.ensure_future(courier.send(dead(number))) for number in range(FLOOD)]
    async with asyncio.timeout(2.0):
        while sum(one.done() for one in stuck) < FLOOD // 2:
            await asyncio.sleep(0.01)
    outcomes = {type(one.result()) for one in stuck if one.done()}
    await apple.order("PUT", "/frames", {})
    sent = await asyncio.gather(*(courier.send(proven(number)) for number in range(50)))

    assert outcomes == {Again}, "what has no place is given back at once, and waits where it is in nobody's way"
    assert set(sent) == {Accepted()}
    await asyncio.gather(*stuck)
