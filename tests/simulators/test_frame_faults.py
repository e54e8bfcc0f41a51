"""The frame-level server throws each fault of protocols.md 2.7 as RFC 9113 spells it, and counts it."""

import asyncio

import msgspec
import pytest

from tests.simulators.framing import ONLY_FRAMES, Framing
from tests.simulators.pushing import APNS_ID, REGISTRATION, TOKEN

pytestmark = [pytest.mark.holds("R12", "R13"), ONLY_FRAMES]

NO_ERROR, INTERNAL_ERROR, REFUSED_STREAM, CANCEL, ENHANCE_YOUR_CALM = 0, 2, 7, 8, 11
ONCE = {"times": 1}


async def test_a_good_push_is_answered_by_headers_that_end_the_stream(framing: Framing) -> None:
    async with framing.connect() as client:
        stream = client.push()
        await client.over(stream)
        assert (client.status(stream), client.headers[stream]["apns-id"]) == (200, APNS_ID)
        assert [frame.__class__.__name__ for frame in client.of(stream)] == ["HeadersFrame"]
    assert (await framing.counts("apns"), (await framing.counts())["connections"]) == ({"accepted": 1}, 1)


async def test_host_does_instead_of_authority(framing: Framing) -> None:
    async with framing.connect() as client:
        stream = client.push(authority="host")
        await client.over(stream)
        assert client.status(stream) == 200


async def test_a_refused_stream_was_not_looked_at_and_the_others_were(framing: Framing) -> None:
    await framing.order(refused=ONCE)
    async with framing.connect() as client:
        first, second = client.push(), client.push()
        await client.over(first, second)
        assert (client.reset(first), client.status(second)) == (REFUSED_STREAM, 200)
    assert (await framing.counts("apns"))["accepted"] == 1
    assert (await framing.counts())["refused"] == 1


@pytest.mark.parametrize(("processed", "accepted"), [(0, 0), (1, 1)])
async def test_a_stream_is_reset_with_another_code_before_or_after_it_was_accepted(
    framing: Framing, processed: int, accepted: int
) -> None:
    await framing.order(reset=ONCE, reset_code=CANCEL, processed=processed)
    async with framing.connect() as client:
        stream = client.push()
        await client.over(stream)
        assert client.reset(stream) == CANCEL
    assert (await framing.counts("apns"))["accepted"] == accepted
    assert (await framing.pushing.child.order("GET", f"/phones/{TOKEN}")).status == (200 if accepted else 404)


@pytest.mark.parametrize(("processed", "accepted"), [(0, 0), (1, 1)])
async def test_the_connection_is_reset_before_or_after_the_push_was_accepted(
    framing: Framing, processed: int, accepted: int
) -> None:
    await framing.order(tcp_reset=ONCE, processed=processed)
    async with framing.connect() as client:
        client.push()
        assert await client.ended() == "reset"
    assert (await framing.counts("apns"))["accepted"] == accepted
    assert (await framing.counts())["tcp_reset"] == 1
    assert (await framing.open())["connections"] == 0


async def test_a_goaway_below_what_is_in_flight_names_the_last_that_was_looked_at(framing: Framing) -> None:
    async with framing.connect() as client:
        await framing.order(latency_seconds=0.3)
        earlier = [client.push(), client.push()]
        await asyncio.sleep(0.1)
        await framing.order(goaway_below=ONCE, goaway_code=ENHANCE_YOUR_CALM, goaway_reason="ServiceUnavailable")
        later = [client.push(), client.push()]
        assert await client.ended() == "closed"
        debug = msgspec.json.encode({"reason": "ServiceUnavailable"})
        assert client.goaways == [(ENHANCE_YOUR_CALM, earlier[-1], debug)]
        assert [client.status(stream) for stream in earlier] == [200, 200]
        assert [client.of(stream) for stream in later] == [[], []]
    assert (await framing.counts("apns"))["accepted"] == 2
    assert (await framing.counts())["goaway_below"] == 1


async def test_a_goaway_in_peace_lets_finish_what_is_in_flight(framing: Framing) -> None:
    await framing.order(latency_seconds=0.3)
    async with framing.connect() as client:
        streams = [client.push() for _ in range(2)]
        await asyncio.sleep(0.1)
        await framing.order(latency_seconds=0.2, goaway=ONCE)
        streams.append(client.push())
        await client.until(lambda: client.goaways)
        late = client.push()
        assert await client.ended() == "closed"
        assert client.goaways == [(NO_ERROR, streams[-1], b'{"reason":"Shutdown"}')]
        assert [client.status(stream) for stream in streams] == [200] * 3
        assert client.of(late) == []
    assert (await framing.counts("apns"))["accepted"] == 3


async def test_google_tells_no_reason_with_a_goaway(framing: Framing) -> None:
    await framing.order(goaway=ONCE)
    async with framing.connect() as client:
        client.push("/v1/projects/simulated-project/messages:send")
        await client.until(lambda: client.goaways)
        assert client.goaways == [(NO_ERROR, 1, b"")]


async def test_a_503_can_have_no_body(framing: Framing) -> None:
    await framing.order(bare_503=ONCE)
    async with framing.connect() as client:
        stream = client.push()
        await client.over(stream)
        assert (client.status(stream), client.bodies(stream)) == (503, [])
    assert (await framing.counts("apns"))["accepted"] == 0


async def test_an_error_can_be_split_over_two_frames(framing: Framing) -> None:
    await framing.order(split=ONCE)
    async with framing.connect() as client:
        streams = [client.push(apns_priority="7") for _ in range(2)]
        await client.over(*streams)
        split, whole = (client.bodies(stream) for stream in streams)
        assert (len(split), len(whole)) == (2, 1)
        assert b"".join(split) == whole[0] == b'{"reason":"BadPriority"}'
    assert (await framing.counts())["split"] == 1


async def test_half_a_body_can_be_followed_by_a_reset(framing: Framing) -> None:
    await framing.order(half_reset=ONCE)
    async with framing.connect() as client:
        stream = client.push()
        await client.over(stream)
        (half,) = client.bodies(stream)
        assert (client.status(stream), client.reset(stream)) == (503, INTERNAL_ERROR)
        assert len(half) == int(client.headers[stream]["content-length"]) // 2
        assert b'{"reason":"ServiceUnavailable"}'.startswith(half)


async def test_half_a_body_can_be_followed_by_silence_though_the_push_was_accepted(framing: Framing) -> None:
    pushing = framing.pushing
    assert (await pushing.fcm({"token": REGISTRATION})).status == 200
    await framing.order(half_silence=ONCE, processed=1)
    async with framing.connect() as client:
        body = msgspec.json.encode({"message": {"token": REGISTRATION}})
        path = "/v1/projects/simulated-project/messages:send"
        stream = client.push(path, body=body, authorization=pushing.bearer)
        await client.quiet(0.3)
        assert (client.status(stream), client.has_ended(stream)) == (200, False)
        assert client.bodies(stream)[0].startswith(b'{"name":')
        assert (await framing.open())["in_flight"] == 1
    assert (await framing.counts("fcm"))["accepted"] == 2


@pytest.mark.parametrize(("processed", "accepted"), [(0, 0), (1, 1)])
async def test_a_push_can_stay_without_an_answer_while_others_have_theirs(
    framing: Framing, processed: int, accepted: int
) -> None:
    await framing.order(silence=ONCE, processed=processed)
    async with framing.connect() as client:
        silent, answered = client.push(), client.push()
        await client.over(answered)
        await client.quiet(0.2)
        assert client.of(silent) == []
    assert (await framing.counts("apns"))["accepted"] == 1 + accepted


async def test_a_black_hole_does_not_even_answer_a_ping(framing: Framing) -> None:
    await framing.order(black_hole=ONCE)
    async with framing.connect() as client:
        client.push()
        await client.quiet(0.1)
        before = len(client.frames)
        client.ping()
        other = client.push()
        await client.quiet(0.3)
        assert (len(client.frames), client.of(other), client.end) == (before, [], "")
    assert (await framing.counts("apns"))["accepted"] == 0


async def test_answers_are_late_by_latency_and_spread_and_some_are_slow(framing: Framing) -> None:
    await framing.order(latency_seconds=0.05, spread_seconds=0.25, slow=ONCE, slow_seconds=0.6)
    async with framing.connect() as client:
        loop = asyncio.get_running_loop()
        began = loop.time()
        streams = [client.push() for _ in range(20)]
        took = []
        for count in (1, 19, 20):
            await client.until(lambda count=count: sum(map(client.has_ended, streams)) >= count)
            took.append(loop.time() - began)
        first, most, last = took
        assert first >= 0.05
        assert most < 0.6 <= last
        assert [client.status(stream) for stream in streams] == [200] * 20


async def test_a_connection_ends_after_so_many_bad_device_tokens(framing: Framing) -> None:
    await framing.order(bad_tokens=3)
    async with framing.connect() as client:
        bad = [client.push("/3/device/xy") for _ in range(3)]
        assert await client.ended() == "closed"
        assert [client.status(stream) for stream in bad] == [400] * 3
        assert client.goaways == [(ENHANCE_YOUR_CALM, bad[-1], b'{"reason":"BadDeviceToken"}')]
    assert (await framing.counts())["bad_tokens"] == 1


async def test_an_unregistered_token_does_not_count_as_bad(framing: Framing) -> None:
    await framing.order(bad_tokens=1)
    await framing.pushing.child.order("PUT", f"/tokens/{TOKEN}", {"state": "gone"})
    async with framing.connect() as client:
        stream = client.push()
        await client.over(stream)
        await client.quiet(0.1)
        assert (client.status(stream), client.goaways) == (410, [])


async def test_a_connection_of_the_greatest_age_says_goodbye_and_answers_what_it_has(framing: Framing) -> None:
    async with framing.connect() as client:
        await framing.order(latency_seconds=0.5)
        stream = client.push()
        await asyncio.sleep(0.1)
        await framing.order(latency_seconds=0.5, max_age_seconds=0.2)
        assert await client.ended() == "closed"
        assert client.goaways == [(NO_ERROR, stream, b'{"reason":"Shutdown"}')]
        assert client.status(stream) == 200
    assert (await framing.counts())["max_age"] == 1


async def test_a_client_that_gives_up_frees_its_stream(framing: Framing) -> None:
    await framing.order(silence=1.0)
    async with framing.connect() as client:
        stream = client.push()
        await client.quiet(0.1)
        assert (await framing.open())["in_flight"] == 1
        client.give_up(stream)
        await client.quiet(0.1)
        assert (await framing.open())["in_flight"] == 0
    assert (await framing.counts())["client_resets"] == 1


async def test_a_push_that_is_given_up_in_the_same_breath_harms_nobody(framing: Framing) -> None:
    async with framing.connect() as client:
        client.give_up(client.push())
        other = client.push()
        await client.over(other)
        assert client.status(other) == 200


async def test_what_is_in_flight_is_answered_after_the_clients_goodbye(framing: Framing) -> None:
    await framing.order(latency_seconds=0.1)
    async with framing.connect() as client:
        stream = client.push()
        client.say_goodbye()
        assert await client.ended() == "closed"
        assert client.status(stream) == 200


async def test_frames_that_are_wrong_end_the_connection_with_a_goaway(framing: Framing) -> None:
    async with framing.connect() as client:
        client.give(7, b"data on a stream that was never opened", ends=True)
        assert await client.ended() == "closed"
        assert [code for code, _, _ in client.goaways] == [1]
    assert (await framing.counts())["client_errors"] == 1
