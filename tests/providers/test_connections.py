"""How connections are opened, bounded, renewed and closed."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path

import pytest

from notifier.domain.faults import Misconfigured
from notifier.domain.pushes import Accepted, Again, Trouble
from notifier.providers import connections
from notifier.providers.windows import Bounds
from tests.providers.frames import Act, Frames
from tests.providers.lanes import apns_lane, fresh_parcel, route
from tests.simulators.child import running


@pytest.mark.holds("R12")
async def test_a_cold_connection_sends_one_push_before_all_others(frames: Frames, keys: Path) -> None:
    frames.act = Act.HOLD
    async with apns_lane(route(frames.url, most_connections=1), keys) as lane, asyncio.TaskGroup() as workers:
        sent = [workers.create_task(lane.send(fresh_parcel(number=number))) for number in range(20)]
        await asyncio.sleep(0.1)
        alone = len(frames.requests)
        frames.released.set()

    assert alone == 1
    assert [task.result() for task in sent] == [Accepted()] * 20
    assert frames.connections == 1


@pytest.mark.holds("R12")
async def test_no_connection_has_more_in_flight_than_it_may(frames: Frames, keys: Path) -> None:
    async with apns_lane(route(frames.url, most_connections=2, window=Bounds(first=5, most=5)), keys) as lane:
        await asyncio.gather(*(lane.send(fresh_parcel(number=number)) for number in range(2)))
        frames.act = Act.HOLD
        async with asyncio.TaskGroup() as workers:
            sent = [workers.create_task(lane.send(fresh_parcel(number=number))) for number in range(40)]
            await asyncio.sleep(0.1)
            in_flight = frames.most_open_streams
            frames.released.set()

    assert in_flight == 10
    assert [task.result() for task in sent] == [Accepted()] * 40
    assert frames.connections == 2


@pytest.mark.holds("R12")
async def test_a_client_is_renewed_before_its_time_outs_kill_it(
    frames: Frames, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_TIMEOUTS", 3)
    async with apns_lane(route(frames.url, most_connections=1, timeout=timedelta(milliseconds=150)), keys) as lane:
        await lane.send(fresh_parcel())
        frames.act = Act.SILENCE
        await asyncio.gather(*(lane.send(fresh_parcel(number=number)) for number in range(5)))
        before = frames.connections
        frames.act = Act.ANSWER
        answer = await lane.send(fresh_parcel())

    assert before == 1
    assert answer == Accepted()
    assert frames.connections == 2


@pytest.mark.holds("R12")
async def test_closing_waits_for_what_is_in_flight_and_then_sends_nothing(frames: Frames, keys: Path) -> None:
    async with apns_lane(route(frames.url, most_connections=1), keys) as lane:
        await lane.send(fresh_parcel())
        frames.act = Act.HOLD
        async with asyncio.TaskGroup() as workers:
            sent = workers.create_task(lane.send(fresh_parcel(number=2)))
            await asyncio.sleep(0.05)
            closing = workers.create_task(lane.close())
            await asyncio.sleep(0.05)
            late = await lane.send(fresh_parcel(number=3))
            frames.released.set()

    assert closing.done()
    assert sent.result() == Accepted()
    assert late == Again(trouble=Trouble.NOT_SENT)
    assert len(frames.requests) == 2


@pytest.mark.holds("R12")
async def test_who_waits_for_room_when_the_lane_closes_is_not_sent(frames: Frames, keys: Path) -> None:
    frames.act = Act.HOLD
    async with (
        apns_lane(route(frames.url, most_connections=1, window=Bounds(first=1, most=1)), keys) as lane,
        asyncio.TaskGroup() as workers,
    ):
        sent = [workers.create_task(lane.send(fresh_parcel(number=number))) for number in range(3)]
        await asyncio.sleep(0.05)
        workers.create_task(lane.close())
        await asyncio.sleep(0.05)
        frames.released.set()

    late = Again(trouble=Trouble.NOT_SENT)
    assert [task.result() for task in sent] == [Accepted(), late, late]
    assert len(frames.requests) == 1


@pytest.mark.holds("R12")
async def test_closing_ends_though_a_provider_is_silent(frames: Frames, keys: Path) -> None:
    frames.act = Act.SILENCE
    async with asyncio.TaskGroup() as workers:
        async with apns_lane(route(frames.url, timeout=timedelta(milliseconds=300)), keys) as lane:
            sent = workers.create_task(lane.send(fresh_parcel()))
            await asyncio.sleep(0.05)
            started = time.monotonic()
        assert time.monotonic() - started < 2.0
    assert sent.result() == Again(trouble=Trouble.UNKNOWN, unknown=True)


@pytest.mark.holds("R12")
async def test_tls_needs_the_authority_that_the_settings_name(keys: Path, tmp_path: Path) -> None:
    async with running("apns", "--apns-key", str(keys / "apns.p8"), "--tls-folder", str(tmp_path)) as child:
        async with apns_lane(route(child.apns, ca_file=tmp_path / "ca.pem", most_connections=1), keys) as lane:
            trusted = await lane.send(fresh_parcel())
        async with apns_lane(route(child.apns, most_connections=1), keys) as lane:
            untrusted = await lane.send(fresh_parcel())

    assert child.apns.startswith("https://")
    assert trusted == Accepted()
    assert untrusted == Again(trouble=Trouble.NOT_SENT)


@pytest.mark.holds("R12")
@pytest.mark.parametrize("content", [None, b"", b"no certificate"], ids=["missing", "empty", "nonsense"])
async def test_a_wrong_authority_is_said_at_the_start(content: bytes | None, keys: Path, tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    if content is not None:
        authority.write_bytes(content)

    with pytest.raises(Misconfigured, match="CA file"):
        async with apns_lane(route("https://127.0.0.1:9", ca_file=authority), keys):
            pytest.fail("it opened")


@pytest.mark.holds("R12")
@pytest.mark.parametrize(("act", "arrivals"), [(Act.ABORT, 1), (Act.CANCEL, 20)], ids=["lost", "one stream ended"])
async def test_only_a_lost_connection_is_warmed_anew(act: Act, arrivals: int, frames: Frames, keys: Path) -> None:
    async with apns_lane(route(frames.url, most_connections=1), keys) as lane, asyncio.TaskGroup() as workers:
        await lane.send(fresh_parcel())
        frames.act = act
        await lane.send(fresh_parcel(number=2))
        frames.act = Act.HOLD
        before = len(frames.requests)
        sent = [workers.create_task(lane.send(fresh_parcel(number=number))) for number in range(3, 23)]
        await asyncio.sleep(0.1)
        arrived = len(frames.requests) - before
        frames.released.set()

    assert arrived == arrivals
    assert [task.result() for task in sent] == [Accepted()] * 20


@pytest.mark.holds("R12")
async def test_who_waits_for_the_first_push_shares_its_luck_and_was_not_sent(frames: Frames, keys: Path) -> None:
    frames.act = Act.SILENCE
    async with apns_lane(route(frames.url, most_connections=1, timeout=timedelta(milliseconds=300)), keys) as lane:
        outcomes = await asyncio.gather(*(lane.send(fresh_parcel(number=number)) for number in range(20)))

    assert [outcome.unknown for outcome in outcomes if isinstance(outcome, Again)] == [True] + [False] * 19
    assert len(frames.requests) == 1
