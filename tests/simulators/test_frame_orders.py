"""Orders about frames are read strictly, and hold for the provider that they name."""

import ssl
from pathlib import Path

import pytest

from tests.simulators.child import client, running
from tests.simulators.framing import ONLY_FRAMES, Framing
from tests.simulators.pushing import REGISTRATION, Pushing
from tests.simulators.raw import raw
from tests.simulators.signing import read_ec_key

pytestmark = pytest.mark.holds("R45")


@ONLY_FRAMES
@pytest.mark.parametrize(
    ("mischief", "said"),
    [
        ({"refused": 1.5}, "`float` <= 1.0 - at `$.refused`"),
        ({"refused": "often"}, "at `$.refused`"),
        ({"refused": {"time": 1}}, "unknown field `time` - at `$.refused`"),
        ({"refusd": 0.1}, "unknown field `refusd`"),
        ({"reset_code": 14}, "at `$.reset_code`"),
        ({"max_age_seconds": 0}, "at `$.max_age_seconds`"),
        ({"over_limit": "ignore"}, "at `$.over_limit`"),
        ({"providers": ["apple"]}, "at `$.providers[0]`"),
        ({"window_bytes": 10, "window_step_bytes": 11}, "window_step_bytes must not be larger than the windows"),
    ],
)
async def test_a_wrong_order_is_refused_with_its_place_and_changes_nothing(
    framing: Framing, mischief: dict[str, object], said: str
) -> None:
    await framing.order(seed=3)
    answer = await framing.try_order(**mischief)
    assert (answer.status, said in str(answer.json()["error"])) == (400, True), answer.body
    assert (await framing.open())["order"]["seed"] == 3  # type: ignore[index]


@ONLY_FRAMES
async def test_an_order_is_shown_and_takes_the_place_of_the_last(framing: Framing) -> None:
    await framing.order(seed=7, refused=0.25, reset={"times": 2})
    shown = (await framing.open())["order"]
    assert isinstance(shown, dict)
    assert (shown["seed"], shown["refused"], shown["reset"]) == (7, 0.25, {"share": 1.0, "times": 2})
    await framing.order(seed=8)
    shown = (await framing.open())["order"]
    assert isinstance(shown, dict)
    assert (shown["seed"], shown["refused"], shown["reset"]) == (8, 0.0, 0.0)


@ONLY_FRAMES
async def test_only_the_named_providers_meet_faults(framing: Framing) -> None:
    await framing.order(bare_503=1.0, providers=["fcm"])
    pushing = framing.pushing
    assert (await pushing.apns()).status == 200
    assert (await pushing.fcm({"token": REGISTRATION})).status == 503
    assert (await framing.counts("oauth"))["accepted"] == 1


@ONLY_FRAMES
async def test_counts_are_counted_from_nothing_again(framing: Framing) -> None:
    await framing.order(bare_503=1.0)
    await framing.pushing.apns()
    assert (await framing.counts()) == {"connections": 1, "bare_503": 1}
    await framing.pushing.child.order("DELETE", "/counts")
    assert (await framing.counts()) == {}


@ONLY_FRAMES
async def test_every_order_is_told_by_the_list(framing: Framing) -> None:
    shown = (await framing.open())["order"]
    assert isinstance(shown, dict)
    listed = (await framing.pushing.child.order("GET", "/")).body.decode()
    assert [name for name in shown if name not in listed] == []


async def test_the_fast_server_says_that_it_throws_no_frames(made_up: Path) -> None:
    async with running("apns", "--control-port", "0") as child:
        answer = await child.order("PUT", "/frames", {"refused": 1})
        assert (answer.status, "--frames" in str(answer.json()["error"])) == (400, True)
        assert (await child.order("GET", "/counts")).json() == {"apns": {"accepted": 0}}


async def test_google_alone_closes_a_connection_after_an_hour(made_up: Path) -> None:
    async with running("fcm", "--frames", "--control-port", "0") as child:
        shown = (await child.order("GET", "/frames")).json()["order"]
        assert shown["max_age_seconds"] == 3600  # type: ignore[index]


@pytest.mark.holds("R12")
async def test_tls_needs_h2_to_be_chosen(made_up: Path, tmp_path: Path) -> None:
    flags = ("both", "--frames", "--control-port", "0", "--tls-folder", str(tmp_path))
    async with running(*flags) as child, client(tmp_path / "ca.pem") as http:
        pushing = Pushing(child, http, read_ec_key(made_up / "apns.p8"), made_up)
        assert child.apns.startswith("https://127.0.0.1:")
        assert (await pushing.apns()).status == 200
        assert (await pushing.fcm({"token": REGISTRATION})).status == 200
        trusting = ssl.create_default_context(cafile=tmp_path / "ca.pem")
        async with raw(pushing, tls=trusting) as without:
            without.push()
            await without.ended()
            assert without.frames == []
        trusting.set_alpn_protocols(["h2"])
        async with raw(pushing, tls=trusting) as chosen:
            stream = chosen.push()
            await chosen.over(stream)
            assert chosen.status(stream) == 200
        await child.order("PUT", "/frames", {"tcp_reset": 1})
        async with raw(pushing, tls=trusting) as lost:
            lost.push()
            assert await lost.ended() == "reset"
        frames = (await child.order("GET", "/counts")).json()["frames"]
        assert (frames["without_alpn"], frames["tcp_reset"]) == (1, 1)  # type: ignore[index]
