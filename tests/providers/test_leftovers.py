"""After every fault at random nothing is left: no task, no connection, also of a courier."""

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from urllib.parse import urlsplit

import msgspec
import pytest

from notifier.domain.pushes import Accepted, Parcel
from notifier.providers.courier import Courier
from notifier.providers.fcm import FcmSettings
from notifier.simulators.frames.mischief import Fault
from tests.providers.houses import GOOGLE, LANES, PRODUCTION, House, Worked, keeping_house, to_apple, to_google
from tests.providers.lanes import apns_settings, fresh_parcel, now, route
from tests.simulators.sockets import count_connections

pytestmark = [pytest.mark.slow, pytest.mark.holds("R12", "R13", "R43")]

PUSHES, WAVE = 600, 50
"""To each lane."""
ACCEPTED = Accepted.__name__
DEADLINE = timedelta(seconds=0.3)
MOST_CONNECTIONS = len(LANES) * 3 + 1
"""Two of a lane and one for doubtful tokens; one for Google's token endpoint."""
MIXTURE: dict[str, object] = {
    "processed": 0.5,
    "first_streams": 1,
    "fall_back": True,
    "bad_tokens": 2,
    "max_age_seconds": 1.0,
    "slow_seconds": 0.1,
    "latency_seconds": 0.001,
    "spread_seconds": 0.01,
    "black_hole": 0.001,
    "goaway_below": 0.005,
    "goaway": 0.005,
    "refused": 0.01,
    "reset": 0.01,
    "tcp_reset": 0.003,
    "bare_503": 0.01,
    "half_reset": 0.01,
    "half_silence": 0.005,
    "silence": 0.005,
    "slow": 0.01,
    "split": 0.5,
}
THROWN = {name for name in MIXTURE if name in set(Fault)} - {Fault.BLACK_HOLE} | {"bad_tokens", "max_age", "over_limit"}
"""What surely happened; a black hole is too rare for that."""


@pytest.fixture(scope="module")
async def ill(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Lend providers that misbehave frame by frame."""
    async with keeping_house(tmp_path_factory.mktemp("ill"), "--frames") as house:
        yield house


def some_bad(number: int) -> Parcel:
    """Make a push to an iPhone; each twentieth has a token that is none."""
    return to_apple(number) if number % 20 else fresh_parcel("no token", number=number)


def port_of(house: House) -> int:
    """Give the port of its pushes."""
    port = urlsplit(house.child.apns).port
    assert port is not None
    return port


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
async def test_lanes_that_met_everything_leave_no_task_and_no_connection(ill: House, seed: int) -> None:
    port, tasks = port_of(ill), asyncio.all_tasks()
    lanes = [await ill.open(name, timeout=DEADLINE, ping_every=DEADLINE, ping_timeout=DEADLINE) for name in LANES]
    await _unleash(ill, seed)
    found = Counter[str]()
    for outcomes in await asyncio.gather(*(_send_waves(lane) for lane in lanes)):
        found += outcomes
    await ill.calm()
    assert (await ill.counts("frames")).keys() >= THROWN
    await _until(lambda: count_connections(port) <= MOST_CONNECTIONS)
    for lane in lanes:
        await lane.close()
    del lanes, lane

    assert found[ACCEPTED] > PUSHES * len(LANES) / 4
    await _until(lambda: count_connections(port) == 0)
    assert asyncio.all_tasks() == tasks
    assert (await ill.opened(), count_connections(port)) == (0, 0)


async def test_a_courier_that_met_everything_keeps_no_more_connections_than_it_uses(ill: House) -> None:
    port, tasks = port_of(ill), asyncio.all_tasks()
    way = route(ill.child.apns, timeout=DEADLINE, ping_every=DEADLINE, ping_timeout=DEADLINE)
    google = FcmSettings(lane=GOOGLE, route=way, service_account_file=ill.keys / "fcm.json")
    courier = Courier([*(apns_settings(way, ill.keys, lane=name) for name in LANES if name != GOOGLE), google], now)
    await courier.open()
    try:
        await _unleash(ill, 1)
        parcels = [_make(lane, number) for number in range(PUSHES) for lane in LANES]
        outcomes = await asyncio.gather(*(courier.send(parcel) for parcel in parcels))
        await ill.calm()
        assert courier.pid is not None
        pid = courier.pid
        await _until(lambda: 0 < count_connections(port, pid) <= MOST_CONNECTIONS)
    finally:
        await courier.close()

    assert Accepted() in outcomes
    assert asyncio.all_tasks() == tasks
    async with asyncio.timeout(5):
        while await ill.opened():
            await asyncio.sleep(0.05)


async def _unleash(ill: House, seed: int) -> None:
    """Let everything go wrong, and some answers ask for another connection."""
    await ill.order("PUT", "/frames", MIXTURE | {"seed": seed})
    await ill.order("PUT", "/providers/apns", {"condition": "down", "reason": "Shutdown", "share": 0.02})


async def _send_waves(lane: Worked) -> Counter[str]:
    """Send in waves, and count what became of all."""
    make = some_bad if lane.lane.name == PRODUCTION else None
    found = Counter[str]()
    for _ in range(PUSHES // WAVE):
        found.update(type(outcome).__name__ for outcome in await lane.send(WAVE, make))
    return found


def _make(lane: str, number: int) -> Parcel:
    made = to_google(number) if lane == GOOGLE else some_bad(number)
    return msgspec.structs.replace(made, lane=lane, doubtful=number % 20 == 0)


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            gc.collect()  # a client of pyreqwest keeps its connection until nothing refers to it, closed or not
            await asyncio.sleep(0.05)
