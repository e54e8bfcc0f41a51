"""The lane to Google, against the simulator."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from notifier.domain.faults import Misconfigured
from notifier.domain.pushes import Accepted, Again, BadgeDown, Refused, Removal, TokenGone, Trouble
from notifier.providers.access_token import AccessToken
from notifier.providers.connections import Bearer
from notifier.providers.routes import build_client
from notifier.providers.service_account import read_service_account
from notifier.simulators.credentials import make_credentials
from tests.providers.frames import Act, Frames
from tests.providers.lanes import NOWHERE, fcm_lane, fresh_parcel, now, route
from tests.simulators.child import Child, running
from tests.wire.parcels import ANDROID_TOKEN, COLLAPSE, parcel


async def phone(providers: Child, token: str = ANDROID_TOKEN) -> dict[str, object]:
    return (await providers.order("GET", f"/phones/{token}")).json()


async def requests_for_tokens(providers: Child) -> int:
    counts = msgspec.json.decode((await providers.order("GET", "/counts")).body, type=dict[str, dict[str, int]])
    return counts["oauth"]["accepted"]


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = now()

    def __call__(self) -> datetime:
        return self.now


@pytest.mark.holds("R12", "R14", "R2")
async def test_a_phone_shows_the_notice_then_a_lower_badge_then_nothing(providers: Child, keys: Path) -> None:
    async with fcm_lane(route(providers.fcm), keys) as lane:
        shown = await lane.send(fresh_parcel(ANDROID_TOKEN))
        first = await phone(providers)
        lowered = await lane.send(parcel(BadgeDown(badge=1), token=ANDROID_TOKEN))
        second = await phone(providers)
        removed = await lane.send(parcel(Removal(collapse_ids=(COLLAPSE,), badge=0), token=ANDROID_TOKEN))
        third = await phone(providers)

    assert shown == lowered == removed == Accepted()
    assert (first["badge"], len(first["entries"]), first["sounds"]) == (3, 1, 1)  # type: ignore[arg-type]
    assert (second["badge"], len(second["entries"]), second["sounds"]) == (1, 1, 1)  # type: ignore[arg-type]
    assert (third["badge"], third["entries"], third["dismissed"]) == (0, {}, 1)


@pytest.mark.holds("A19", "R12")
async def test_an_installation_id_is_reached_as_well(providers: Child, keys: Path) -> None:
    async with fcm_lane(route(providers.fcm), keys) as lane:
        assert await lane.send(fresh_parcel("cMadeUpInstallation01", kind="fid")) == Accepted()

    assert (await phone(providers, "cMadeUpInstallation01"))["received"] == 1


@pytest.mark.holds("R13", "A31")
@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("gone", TokenGone(since=None)),
        ("refused", Refused(trouble=Trouble.REFUSED)),
        ("bad", Refused(trouble=Trouble.REFUSED)),
        ("limited", Again(trouble=Trouble.BUSY)),
        ("broken", Again(trouble=Trouble.UNAVAILABLE)),
    ],
)
async def test_an_answer_of_the_provider_has_its_outcome(
    state: str, outcome: TokenGone | Again | Refused, providers: Child, keys: Path
) -> None:
    await providers.order("PUT", f"/tokens/{ANDROID_TOKEN}", {"state": state})
    async with fcm_lane(route(providers.fcm), keys) as lane:
        assert await lane.send(fresh_parcel(ANDROID_TOKEN)) == outcome


@pytest.mark.holds("R13", "A31")
async def test_a_provider_that_is_down_says_when_to_come_again(providers: Child, keys: Path) -> None:
    await providers.order("PUT", "/providers/fcm", {"condition": "down", "retry_after": "30"})
    async with fcm_lane(route(providers.fcm), keys) as lane:
        outcome = await lane.send(fresh_parcel(ANDROID_TOKEN))

    assert outcome == Again(trouble=Trouble.UNAVAILABLE, after=timedelta(seconds=30))


@pytest.mark.holds("I3", "A29", "R5")
async def test_a_push_whose_answer_never_came_is_resent_and_shown_once(providers: Child, keys: Path) -> None:
    push = fresh_parcel(ANDROID_TOKEN)
    async with fcm_lane(route(providers.fcm, timeout=timedelta(milliseconds=300)), keys) as lane:
        await providers.order("PUT", "/providers/fcm", {"condition": "mute"})
        doubtful = await lane.send(push)
        await providers.order("PUT", "/providers/fcm", {})
        resent = await lane.send(push)
    seen = await phone(providers)

    assert doubtful == Again(trouble=Trouble.UNKNOWN, unknown=True)
    assert resent == Accepted()
    assert seen["received"] == 2
    assert len(seen["entries"]) == 1  # type: ignore[arg-type]
    assert seen["shown_twice"] == []


@pytest.mark.holds("R12")
async def test_an_access_token_is_fetched_once_however_many_wait_for_it(providers: Child, keys: Path) -> None:
    clock = Clock()
    async with fcm_lane(route(providers.fcm), keys, clock) as lane:
        before = await requests_for_tokens(providers)
        clock.now += timedelta(minutes=1)
        await asyncio.gather(*(lane.send(fresh_parcel(ANDROID_TOKEN, number=number)) for number in range(50)))
        after = await requests_for_tokens(providers)

    assert (before, after) == (1, 1)


@pytest.mark.holds("R12")
async def test_an_expired_access_token_is_renewed_once_for_all(keys: Path, tmp_path: Path) -> None:
    """Google's clock runs on while ours stands, so that only its 401 tells."""
    clock = Clock()
    make_credentials(tmp_path, f"{NOWHERE}/token")
    flags = ["fcm", "--control-port", "0", "--token-seconds", "1", "--service-account", str(tmp_path / "fcm.json")]
    async with running(*flags) as child:
        make_credentials(tmp_path, f"{child.fcm}/token")
        async with fcm_lane(route(child.fcm), tmp_path, clock) as lane:
            await asyncio.sleep(1.1)
            expired = await asyncio.gather(*(lane.send(fresh_parcel(ANDROID_TOKEN)) for _ in range(20)))
            throttled = await lane.send(fresh_parcel(ANDROID_TOKEN))
            clock.now += timedelta(seconds=6)
            renewed = await asyncio.gather(*(lane.send(fresh_parcel(ANDROID_TOKEN)) for _ in range(20)))
            fetched = await requests_for_tokens(child)

    assert set(map(repr, expired)) == {repr(Again(trouble=Trouble.CREDENTIALS))}
    assert throttled == Again(trouble=Trouble.CREDENTIALS)
    assert set(map(repr, renewed)) == {repr(Accepted())}
    assert fetched == 2


@pytest.mark.holds("R12")
async def test_the_old_access_token_is_used_while_it_lives_though_no_new_one_comes(
    providers: Child, keys: Path
) -> None:
    clock = Clock()
    started = clock.now
    async with fcm_lane(route(providers.fcm), keys, clock) as lane:
        await providers.order("PUT", "/providers/oauth", {"condition": "down"})
        clock.now = started + timedelta(seconds=3599) - timedelta(minutes=3)
        first = [await lane.send(fresh_parcel(ANDROID_TOKEN)) for _ in range(3)]
        await asyncio.sleep(0.1)
        clock.now = started + timedelta(seconds=3598)
        second = await lane.send(fresh_parcel(ANDROID_TOKEN))
        await asyncio.sleep(0.1)
        clock.now = started + timedelta(seconds=3600)
        over = await lane.send(fresh_parcel(ANDROID_TOKEN))

    assert first == [Accepted()] * 3
    assert second == Accepted()
    assert over == Again(trouble=Trouble.CREDENTIALS)


@pytest.mark.holds("R12")
async def test_a_token_endpoint_that_is_away_does_not_stop_the_start(keys: Path, tmp_path: Path) -> None:
    make_credentials(tmp_path, f"{NOWHERE}/token")
    async with fcm_lane(route(NOWHERE), tmp_path) as lane:
        assert await lane.send(fresh_parcel(ANDROID_TOKEN)) == Again(trouble=Trouble.CREDENTIALS)


@pytest.mark.holds("R12")
@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"access_token": "a", "expires_in": 0}'])
async def test_an_answer_without_an_access_token_gives_none(
    body: bytes, frames: Frames, keys: Path, tmp_path: Path
) -> None:
    make_credentials(tmp_path, f"{frames.url}/token")
    frames.replies.append((200, body))
    async with fcm_lane(route(frames.url), tmp_path) as lane:
        assert await lane.send(fresh_parcel(ANDROID_TOKEN)) == Again(trouble=Trouble.CREDENTIALS)


@pytest.mark.holds("R12")
async def test_a_key_that_google_does_not_know_is_said_at_the_start(providers: Child, tmp_path: Path) -> None:
    make_credentials(tmp_path, f"{providers.fcm}/token")
    with pytest.raises(Misconfigured, match="does not accept the service account"):
        async with fcm_lane(route(providers.fcm), tmp_path):
            pytest.fail("it opened")


def granted(token: str) -> tuple[int, bytes]:
    return 200, msgspec.json.encode({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})


@pytest.mark.holds("R12", "R13")
async def test_a_token_that_google_rejects_is_not_used_again(frames: Frames, tmp_path: Path) -> None:
    clock = Clock()
    make_credentials(tmp_path, f"{frames.url}/token")
    frames.replies.extend([granted("one"), (401, b""), granted("two"), (200, b"")])
    async with fcm_lane(route(frames.url), tmp_path, clock) as lane:
        rejected = await lane.send(fresh_parcel(ANDROID_TOKEN))
        clock.now += timedelta(seconds=6)
        accepted = await lane.send(fresh_parcel(ANDROID_TOKEN))

    assert (rejected, accepted) == (Again(trouble=Trouble.CREDENTIALS), Accepted())
    used = [request["authorization"] for request in frames.requests if "authorization" in request]
    assert used == ["Bearer one", "Bearer two"]


@pytest.mark.holds("R12")
async def test_a_slow_token_endpoint_is_asked_by_one_at_a_time(frames: Frames, keys: Path, tmp_path: Path) -> None:
    clock = Clock()
    make_credentials(tmp_path, f"{frames.url}/token")
    client = build_client(route(frames.url), None)
    account = read_service_account(tmp_path / "fcm.json")
    access = AccessToken(lambda: account, client, clock)
    frames.act = Act.HOLD
    frames.replies.append(granted("one"))
    async with asyncio.TaskGroup() as workers:
        first = workers.create_task(access.bearer())
        await asyncio.sleep(0.05)
        clock.now += timedelta(seconds=6)
        second = workers.create_task(access.bearer())
        await asyncio.sleep(0.05)
        frames.released.set()
    await access.close()
    await client.close()

    assert first.result() == second.result() == Bearer(value="Bearer one", since=clock.now - timedelta(seconds=6))
    assert len(frames.requests) == 1


@pytest.mark.holds("R12", "A31")
async def test_a_quota_that_is_used_up_holds_the_whole_lane(providers: Child, keys: Path) -> None:
    await providers.order("PUT", "/providers/fcm", {"condition": "down", "status": 503, "retry_after": "30"})
    async with fcm_lane(route(providers.fcm), keys) as lane:
        await providers.order("DELETE", "/counts")
        outcomes = [await lane.send(fresh_parcel(ANDROID_TOKEN, number=number)) for number in range(1, 6)]
        counts = (await providers.order("GET", "/counts")).json()["fcm"]
    waits = [outcome.after for outcome in outcomes if isinstance(outcome, Again) and outcome.after is not None]
    assert len(waits) == 5
    assert timedelta(seconds=28) < min(waits) <= max(waits) == timedelta(seconds=30)
    assert sum(counts.values()) == 1
