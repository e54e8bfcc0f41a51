"""Streams and windows of the frame-level server are those of protocols.md 2.1 and 2.7 and of RFC 9113."""

import pytest

from tests.simulators.framing import ONLY_FRAMES, Framing
from tests.simulators.raw import PUSH
from tests.simulators.signing import sign_provider_token

pytestmark = [pytest.mark.holds("R12", "R13"), ONLY_FRAMES]

MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE = 3, 4
REFUSED_STREAM = 7


async def test_settings_come_first_and_allow_what_the_flag_says(framing: Framing) -> None:
    async with framing.connect() as client:
        await client.over(client.push())
        assert client.frames[0].__class__.__name__ == "SettingsFrame"
        assert client.announced(MAX_CONCURRENT_STREAMS) == [1000]


async def test_one_stream_is_allowed_until_a_push_had_a_valid_provider_token(framing: Framing) -> None:
    await framing.order(first_streams=1, streams=500)
    expired = sign_provider_token(framing.pushing.key, iat=-3660)
    async with framing.connect() as client:
        refused = client.push(authorization=expired)
        await client.over(refused)
        assert (client.status(refused), client.announced(MAX_CONCURRENT_STREAMS)) == (403, [1])
        good = client.push()
        await client.over(good)
        await client.until(lambda: client.announced(MAX_CONCURRENT_STREAMS) == [1, 500])
        several = [client.push() for _ in range(5)]
        await client.over(*several)
        assert {client.status(stream) for stream in several} == {200}


async def test_streams_above_the_limit_are_refused_also_before_settings_arrive(framing: Framing) -> None:
    await framing.order(first_streams=1, latency_seconds=0.2)
    async with framing.connect() as client:
        first, *more = [client.push() for _ in range(3)]
        await client.over(first, *more)
        assert client.status(first) == 200
        assert [client.reset(stream) for stream in more] == [REFUSED_STREAM] * 2
    assert (await framing.counts("apns"))["accepted"] == 1
    assert (await framing.counts())["over_limit"] == 2


async def test_a_stream_above_the_limit_can_end_the_connection(framing: Framing) -> None:
    await framing.order(first_streams=1, latency_seconds=0.2, over_limit="goaway")
    async with framing.connect() as client:
        first, second = client.push(), client.push()
        assert await client.ended() == "closed"
        told = b"Maximum active streams violated for this endpoint."
        assert client.goaways == [(REFUSED_STREAM, first, told)]
        assert (client.status(first), client.of(second)) == (200, [])
    assert (await framing.counts())["over_limit"] == 1


async def test_a_rejected_push_narrows_to_one_stream_until_the_next_is_accepted(framing: Framing) -> None:
    await framing.order(streams=800, fall_back=True)
    await framing.pushing.child.order("PUT", "/tokens/cdcd", {"state": "gone"})
    async with framing.connect() as client:
        announced = []
        for path in ("/3/device/abab", "/3/device/xy", "/3/device/cdcd", "/3/device/xy", "/3/device/abab"):
            await client.over(client.push(path))
            await client.quiet(0.05)
            announced.append(client.announced(MAX_CONCURRENT_STREAMS))
        assert announced == [[800], [800, 1], [800, 1], [800, 1], [800, 1, 800]]


async def test_a_gone_token_does_not_narrow(framing: Framing) -> None:
    await framing.order(fall_back=True)
    await framing.pushing.child.order("PUT", "/tokens/cdcd", {"state": "gone"})
    async with framing.connect() as client:
        await client.over(client.push("/3/device/cdcd"))
        await client.quiet(0.05)
        assert client.announced(MAX_CONCURRENT_STREAMS) == [1000]


async def test_what_was_narrowed_binds_once_it_is_acknowledged(framing: Framing) -> None:
    await framing.order(fall_back=True)
    async with framing.connect() as client:
        await client.over(client.push())
        client.acknowledges = False
        await client.over(client.push("/3/device/xy"))
        await framing.order(fall_back=True, latency_seconds=0.2)
        two = [client.push(), client.push()]
        await client.over(*two)
        assert [client.status(stream) for stream in two] == [200, 200]


async def test_a_small_window_is_given_back_in_small_steps(framing: Framing) -> None:
    await framing.order(window_bytes=48, window_step_bytes=16, connection_window_bytes=4096)
    async with framing.connect() as client:
        await client.until(lambda: client.announced(INITIAL_WINDOW_SIZE))
        assert client.announced(INITIAL_WINDOW_SIZE) == [48]
        stream = client.ask()
        rest, room = PUSH, 48
        while rest:
            piece, rest = rest[:room], rest[room:]
            before = sum(client.widened(stream))
            client.give(stream, piece, ends=not rest)
            if rest:
                await client.until(lambda before=before: sum(client.widened(stream)) > before)
                await client.quiet(0.02)
                room = sum(client.widened(stream)) - before
        await client.over(stream)
        assert client.status(stream) == 200
        assert set(client.widened(stream)) == {16}
        assert sum(client.widened(stream)) <= len(PUSH)


async def test_the_window_of_the_connection_is_given_back_only_as_far_as_is_ordered(framing: Framing) -> None:
    await framing.order(connection_window_bytes=1000, window_step_bytes=100)
    async with framing.connect() as client:
        await client.over(*(client.push(body=b"x" * 4000) for _ in range(16)))
        assert client.widened(0) == []
        await client.over(client.push(body=b"x" * 1000))
        await client.quiet(0.05)
        # 535 of the first 65,535 bytes are left; one step more than four would be above 1,000.
        assert client.widened(0) == [100] * 4


async def test_more_than_the_window_is_the_clients_mistake(framing: Framing) -> None:
    await framing.order(window_bytes=16)
    async with framing.connect() as client:
        await client.over(client.push(body=b"{}"))
        client.push()
        assert await client.ended() == "closed"
        assert [code for code, _, _ in client.goaways] == [3]
    assert (await framing.counts())["client_errors"] == 1


async def test_no_more_is_sent_than_the_client_can_receive(framing: Framing) -> None:
    async with framing.connect(s4=10) as client:
        stream = client.push(apns_priority="7")
        await client.quiet(0.1)
        assert (client.status(stream), client.bodies(stream)) == (400, [b'{"reason":'])
        for size in (3, 8):
            client.widen(stream, size)
            await client.quiet(0.05)
        assert client.bodies(stream) == [b'{"reason":', b'"Ba', b"dPriorit"]
        assert not client.has_ended(stream)
        client.widen(stream, 1000)
        await client.over(stream)
        assert b"".join(client.bodies(stream)) == b'{"reason":"BadPriority"}'


async def test_the_window_of_the_whole_connection_is_kept_too(framing: Framing) -> None:
    async with framing.connect(s4=1_000_000) as client:
        first = client.push("/v1/projects/any/messages:send", authorization="Bearer x")
        await client.over(first)
        fit = 65_535 // len(client.bodies(first)[0])
        streams = [first]
        for _ in range(fit // 100 + 1):
            some = [client.push("/v1/projects/any/messages:send", authorization="Bearer x") for _ in range(100)]
            streams += some
            await client.until(lambda some=some: all(stream in client.headers for stream in some))
        await client.quiet(0.1)
        sent = sum(len(piece) for stream in streams for piece in client.bodies(stream))
        assert sent == 65_535
        assert not all(client.has_ended(stream) for stream in streams)
        client.widen(0, 65_535)
        await client.over(*streams)


async def test_the_same_seed_throws_the_same(framing: Framing) -> None:
    async def play(seed: int) -> list[int]:
        await framing.order(seed=seed, bare_503=0.5)
        async with framing.connect() as client:
            statuses = []
            for _ in range(20):
                stream = client.push()
                await client.over(stream)
                statuses.append(client.status(stream))
        return statuses

    first, again, other = [await play(seed) for seed in (7, 7, 8)]
    assert first == again != other
    assert set(first) == {200, 503}


async def test_a_share_is_of_all_requests_and_times_are_in_all(framing: Framing) -> None:
    await framing.order(seed=1, refused=0.1, bare_503={"share": 0.5, "times": 3})
    async with framing.connect() as client:
        streams = [client.push() for _ in range(400)]
        await client.over(*streams)
        resets = sum(client.reset(stream) is not None for stream in streams)
        down = sum(client.reset(stream) is None and client.status(stream) == 503 for stream in streams)
    counts = await framing.counts()
    assert (counts["refused"], counts["bare_503"]) == (resets, 3)
    assert down == 3
    # 40 are expected; 6 is the standard deviation of 400 throws at 0.1.
    assert 16 < resets < 64
    assert (await framing.counts("apns"))["accepted"] == 400 - resets - down
