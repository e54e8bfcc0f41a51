"""The process that holds the connections: what it answers, and how each side outlives the other."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from notifier.domain.faults import Misconfigured, Unavailable
from notifier.domain.health import Health, LaneState
from notifier.domain.pushes import Accepted, Again, Outcome, Parcel, Refused, TokenGone, Trouble
from notifier.providers.courier import Courier
from notifier.providers.fcm import FcmSettings
from notifier.providers.frames import LaneSettings
from notifier.providers.windows import Bounds
from tests.providers.frames import Act, Frames
from tests.providers.lanes import NOWHERE, apns_settings, fresh_alert, fresh_parcel, now, route
from tests.simulators.child import Child
from tests.wire.parcels import ANDROID_TOKEN, parcel

pytestmark = pytest.mark.holds("R12", "R43")
UNKNOWN = Again(trouble=Trouble.UNKNOWN, unknown=True)
APNS, FCM = "apns:production:se.1177.app", "fcm"
HOLDER = """
import asyncio, sys
from pathlib import Path
from notifier.providers.courier import Courier
from tests.providers.lanes import apns_settings, now, route

async def hold():
    courier = Courier([apns_settings(route("http://127.0.0.1:9"), Path(sys.argv[1]))], now)
    await courier.open()
    print(courier.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(hold())
"""


def both(providers: Child, keys: Path) -> tuple[LaneSettings, LaneSettings]:
    fcm = FcmSettings(lane=FCM, route=route(providers.fcm), service_account_file=keys / "fcm.json")
    return apns_settings(route(providers.apns), keys), fcm


@asynccontextmanager
async def open_courier(lanes: Sequence[LaneSettings], clock: Callable[[], datetime] = now) -> AsyncIterator[Courier]:
    courier = Courier(lanes, clock)
    try:
        await courier.open()
        yield courier
    finally:
        await courier.close()


def to(lane: str, given: Parcel) -> Parcel:
    return msgspec.structs.replace(given, lane=lane)


def ios(number: int) -> Parcel:
    return to(APNS, fresh_parcel(f"{number:064x}", number=number))


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def await_end(pid: int) -> float:
    began = time.monotonic()
    while is_alive(pid):
        assert time.monotonic() - began < 10
        await asyncio.sleep(0.02)
    return time.monotonic() - began


async def test_each_parcel_gets_its_own_outcome_among_many(providers: Child, keys: Path) -> None:
    told: dict[int, tuple[dict[str, object], Outcome]] = {
        7: ({"state": "gone", "at_ms": 1764000000000}, TokenGone(since=datetime(2025, 11, 24, 16, 0, tzinfo=UTC))),
        77: ({"state": "bad"}, Refused(trouble=Trouble.REFUSED)),
        177: ({"state": "limited"}, Again(trouble=Trouble.BUSY)),
    }
    for number, (state, _) in told.items():
        await providers.order("PUT", f"/tokens/{number:064x}", state)
    async with open_courier(both(providers, keys)) as courier:
        outcomes = await asyncio.gather(
            *(courier.send(ios(number)) for number in range(300)), courier.send(to(FCM, fresh_parcel(ANDROID_TOKEN)))
        )

    expected: list[Outcome] = [Accepted()] * 301
    for number, (_, outcome) in told.items():
        expected[number] = outcome
    assert outcomes == expected


async def test_what_is_too_large_is_refused_and_the_next_goes_on(providers: Child, keys: Path) -> None:
    large = msgspec.structs.replace(fresh_alert(), sealed=bytes(4096))
    async with open_courier(both(providers, keys)) as courier:
        assert await courier.send(to(APNS, parcel(large))) == Refused(trouble=Trouble.REFUSED)
        assert await courier.send(ios(1)) == Accepted()


@pytest.mark.holds("R13", "R15", "R42", "A19", "A20")
async def test_a_lane_that_is_stopped_leaves_the_others_alone_and_says_so(providers: Child, keys: Path) -> None:
    """The simulator knows one topic: a region's own app that Apple does not know stops its own lane."""
    other = "apns:production:se.region.app"
    apns, fcm = both(providers, keys)
    own = msgspec.structs.replace(apns_settings(route(providers.apns), keys), lane=other, topic="se.region.app")
    heard: list[LaneState] = []
    courier = Courier([apns, own, fcm], now, heard.append)
    try:
        await courier.open()
        stopped = await asyncio.gather(*(courier.send(to(other, ios(number))) for number in range(50)))
        outcomes = await asyncio.gather(*(courier.send(ios(number)) for number in range(300)))
        outcomes.append(await courier.send(to(FCM, fresh_parcel(ANDROID_TOKEN))))
        heard.clear()
        await _wait_until(lambda: len(heard) >= 3)
        states = {state.lane: state for state in heard}
    finally:
        await courier.close()

    assert stopped == [Refused(trouble=Trouble.CONFIGURATION)] * 50
    assert outcomes == [Accepted()] * 301
    assert {lane: state.health for lane, state in states.items()} == {
        APNS: Health.READY, other: Health.STOPPED, FCM: Health.READY,
    }  # fmt: skip
    assert states[APNS].connections >= 1
    assert states[APNS].in_flight == 0
    assert states[APNS].limit >= 100
    age = states[APNS].token_age
    assert age is not None
    assert timedelta(minutes=1) <= age <= timedelta(minutes=31)


@pytest.mark.holds("R42")
async def test_a_lane_without_a_way_to_its_provider_is_away_until_there_is_one(frames: Frames, keys: Path) -> None:
    heard: list[LaneState] = []
    courier = Courier([apns_settings(route(frames.url), keys)], now, heard.append)
    try:
        await courier.open()
        frames.act = Act.ABORT
        await courier.send(ios(1))
        await _wait_until(lambda: heard[-1].health is Health.AWAY)
        frames.act = Act.ANSWER
        assert await courier.send(ios(2)) == Accepted()
        await _wait_until(lambda: heard[-1].health is Health.READY)
    finally:
        await courier.close()


async def _wait_until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.02)


@pytest.mark.holds("A34")
async def test_lives_are_counted_from_the_business_clock(providers: Child, frames: Frames, keys: Path) -> None:
    fcm = FcmSettings(lane=FCM, route=route(frames.url), service_account_file=keys / "fcm.json")
    later = now() + timedelta(days=3)
    alert = msgspec.structs.replace(fresh_alert(), expires_at=later + timedelta(hours=2))
    async with open_courier([fcm], lambda: later) as courier:
        await courier.send(to(FCM, parcel(alert, token=ANDROID_TOKEN)))

    assert b'"ttl":"7200s"' in b"".join(frames.bodies)


@pytest.mark.holds("I3")
async def test_nobody_knows_what_became_of_what_a_killed_courier_had(frames: Frames, keys: Path) -> None:
    frames.act = Act.HOLD
    courier = Courier([apns_settings(route(frames.url), keys)], now)
    await courier.open()
    pid = courier.pid
    assert pid is not None
    watch = asyncio.create_task(courier.watch())
    sent = [asyncio.ensure_future(courier.send(ios(number))) for number in range(3)]
    while not frames.requests:
        await asyncio.sleep(0.01)
    os.kill(pid, signal.SIGKILL)

    assert await asyncio.gather(*sent) == [UNKNOWN] * 3
    assert await courier.send(ios(4)) == Again(trouble=Trouble.NOT_SENT)
    with pytest.raises(Unavailable, match="ended with -9"):
        await watch
    await courier.close()


async def test_one_that_hangs_is_noticed(frames: Frames, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifier.providers.courier._LOOK_EVERY", timedelta(milliseconds=100))
    monkeypatch.setattr("notifier.providers.courier._LEAVE", timedelta(milliseconds=100))
    quick = route(frames.url, timeout=timedelta(milliseconds=200), connect_timeout=timedelta(milliseconds=100))
    courier = Courier([apns_settings(quick, keys)], now)
    await courier.open()
    assert courier.pid is not None
    os.kill(courier.pid, signal.SIGSTOP)
    sent = asyncio.ensure_future(courier.send(ios(1)))
    async with asyncio.timeout(10):
        with pytest.raises(Unavailable, match="answers no more"):
            await courier.watch()
    await courier.close()
    assert await sent == UNKNOWN
    assert not is_alive(courier.pid)


async def test_one_that_dies_while_starting_is_no_fault_of_the_settings(keys: Path) -> None:
    courier = Courier([apns_settings(route(NOWHERE), keys)], now)
    opening = asyncio.create_task(courier.open())
    while courier.pid is None:
        await asyncio.sleep(0.001)
    os.kill(courier.pid, signal.SIGKILL)
    with pytest.raises(Unavailable, match="ended before"):
        await opening
    await courier.close()


async def test_a_lane_that_stands_still_leaves_the_other_alone(providers: Child, frames: Frames, keys: Path) -> None:
    frames.act = Act.HOLD
    stuck = apns_settings(route(frames.url, most_connections=1, window=Bounds(first=2, most=2)), keys)
    fcm = FcmSettings(lane=FCM, route=route(providers.fcm), service_account_file=keys / "fcm.json")
    async with open_courier([stuck, fcm]) as courier:
        waiting = [asyncio.ensure_future(courier.send(ios(number))) for number in range(200)]
        while not frames.requests:
            await asyncio.sleep(0.01)
        assert await courier.send(to(FCM, fresh_parcel(ANDROID_TOKEN))) == Accepted()
        assert not any(one.done() for one in waiting)
        frames.released.set()
        await asyncio.gather(*waiting)


async def test_a_key_that_is_missing_is_said_in_a_sentence_and_nothing_runs_on(providers: Child, keys: Path) -> None:
    apns, _ = both(providers, keys)
    assert not isinstance(apns, FcmSettings)
    courier = Courier([msgspec.structs.replace(apns, key_file=keys / "none.p8")], now)
    with pytest.raises(Misconfigured, match=r"The APNs key file .*none\.p8 cannot be read"):
        await courier.open()
    assert courier.pid is not None
    await courier.close()
    assert not is_alive(courier.pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_signals_are_for_its_process_which_ends_it(number: signal.Signals, providers: Child, keys: Path) -> None:
    async with open_courier(both(providers, keys)) as courier:
        assert courier.pid is not None
        os.kill(courier.pid, number)
        assert await courier.send(ios(1)) == Accepted()
    assert not is_alive(courier.pid)


async def test_closing_lets_what_is_in_flight_end(frames: Frames, keys: Path) -> None:
    frames.act = Act.HOLD
    async with open_courier([apns_settings(route(frames.url), keys)]) as courier:
        sent = asyncio.ensure_future(courier.send(ios(1)))
        while not frames.requests:
            await asyncio.sleep(0.01)
        closing = asyncio.create_task(courier.close())
        await asyncio.sleep(0.1)
        frames.released.set()
        await closing
    assert await sent == Accepted()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_it_leaves_with_a_process_that_ends_without_a_word(number: signal.Signals, keys: Path) -> None:
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, str(keys), stdout=asyncio.subprocess.PIPE
    )
    assert holder.stdout is not None
    pid = int(await holder.stdout.readline())
    assert is_alive(pid)
    holder.send_signal(number)
    await holder.wait()

    assert await await_end(pid) < 2
