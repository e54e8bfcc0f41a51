"""The lane to Apple, against the simulator."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from notifier.domain.identifiers import CollapseId
from notifier.domain.pushes import Accepted, Again, BadgeDown, Refused, Removal, TokenGone, Trouble
from tests.providers.frames import Frames
from tests.providers.lanes import apns_lane, fresh_parcel, now, route
from tests.simulators.child import Child
from tests.wire.parcels import COLLAPSE, IOS_TOKEN, parcel


async def phone(providers: Child) -> dict[str, object]:
    return (await providers.order("GET", f"/phones/{IOS_TOKEN}")).json()


@pytest.mark.holds("R12", "R14", "R2")
async def test_a_phone_shows_the_notice_then_a_lower_badge_then_nothing(providers: Child, keys: Path) -> None:
    async with apns_lane(route(providers.apns), keys) as lane:
        shown = await lane.send(fresh_parcel())
        first = await phone(providers)
        lowered = await lane.send(parcel(BadgeDown(badge=1)))
        second = await phone(providers)
        removed = await lane.send(parcel(Removal(collapse_ids=(COLLAPSE, CollapseId(bytes(16))), badge=0)))
        third = await phone(providers)

    assert shown == lowered == removed == Accepted()
    assert (first["badge"], len(first["entries"]), first["sounds"]) == (3, 1, 1)  # type: ignore[arg-type]
    assert (second["badge"], len(second["entries"]), second["sounds"]) == (1, 1, 1)  # type: ignore[arg-type]
    assert (third["badge"], third["entries"], third["dismissed"]) == (1, {}, 1)


@pytest.mark.holds("A31", "R17")
async def test_a_gone_token_is_reported_with_the_instant(providers: Child, keys: Path) -> None:
    await providers.order("PUT", f"/tokens/{IOS_TOKEN}", {"state": "gone", "at_ms": 1764000000000})
    async with apns_lane(route(providers.apns), keys) as lane:
        outcome = await lane.send(fresh_parcel())

    assert outcome == TokenGone(since=datetime(2025, 11, 24, 16, 0, tzinfo=UTC))


@pytest.mark.holds("R13")
@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("bad", Refused(trouble=Trouble.REFUSED)),
        ("refused", Refused(trouble=Trouble.REFUSED)),
        ("limited", Again(trouble=Trouble.BUSY)),
        ("broken", Again(trouble=Trouble.UNAVAILABLE)),
    ],
)
async def test_an_answer_of_the_provider_has_its_outcome(
    state: str, outcome: Again | Refused, providers: Child, keys: Path
) -> None:
    await providers.order("PUT", f"/tokens/{IOS_TOKEN}", {"state": state})
    async with apns_lane(route(providers.apns), keys) as lane:
        assert await lane.send(fresh_parcel()) == outcome


@pytest.mark.holds("R13", "A31")
async def test_a_provider_that_is_down_gets_it_again_later(providers: Child, keys: Path) -> None:
    await providers.order("PUT", "/providers/apns", {"condition": "down"})
    async with apns_lane(route(providers.apns), keys) as lane:
        assert await lane.send(fresh_parcel()) == Again(trouble=Trouble.UNAVAILABLE)


@pytest.mark.holds("I3", "A29", "R5")
async def test_a_push_whose_answer_never_came_is_resent_and_shown_once(providers: Child, keys: Path) -> None:
    await providers.order("PUT", "/providers/apns", {"condition": "mute"})
    push = fresh_parcel()
    async with apns_lane(route(providers.apns, timeout=timedelta(milliseconds=300)), keys) as lane:
        doubtful = await lane.send(push)
        await providers.order("PUT", "/providers/apns", {})
        resent = await lane.send(push)
    seen = await phone(providers)

    assert doubtful == Again(trouble=Trouble.UNKNOWN, unknown=True)
    assert resent == Accepted()
    assert seen["received"] == 2
    assert len(seen["entries"]) == 1  # type: ignore[arg-type]
    assert list(seen["notices"]) == ["00000000-0000-0000-0000-000000000001"]  # type: ignore[call-overload]
    assert seen["shown_twice"] == []


@pytest.mark.holds("R13")
async def test_a_wrong_key_asks_for_credentials_and_refuses_nothing(providers: Child, keys: Path) -> None:
    async with apns_lane(route(providers.apns), keys, lambda: now() - timedelta(hours=3)) as lane:
        assert await lane.send(fresh_parcel()) == Again(trouble=Trouble.CREDENTIALS)


@pytest.mark.holds("R13")
async def test_a_connection_keeps_its_first_token_until_apple_calls_it_expired(frames: Frames, keys: Path) -> None:
    """A new slot begins at 12:31 by the rule of TRAPS; 20 minutes after 12:30 are not over at 12:40."""
    times = iter([datetime(2026, 11, 22, 12, minute, tzinfo=UTC) for minute in (30, 40, 41, 42)])
    frames.replies.extend([(200, b""), (403, reason("ExpiredProviderToken")), (200, b""), (200, b"")])
    async with apns_lane(route(frames.url, most_connections=1), keys, lambda: next(times)) as lane:
        outcomes = [await lane.send(fresh_parcel()) for _ in range(3)]

    first, second, third, fourth = (request["authorization"] for request in frames.requests)
    assert outcomes == [Accepted()] * 3
    assert first == second
    assert third == fourth != first
    assert len(frames.ids()) == 1


def reason(name: str) -> bytes:
    return json.dumps({"reason": name}).encode()


@pytest.mark.holds("R13")
async def test_a_push_goes_once_more_after_a_refresh_and_no_oftener(frames: Frames, keys: Path) -> None:
    frames.replies.extend([(403, reason("ExpiredProviderToken"))] * 5)
    async with apns_lane(route(frames.url, most_connections=1), keys) as lane:
        assert await lane.send(fresh_parcel()) == Again(trouble=Trouble.CREDENTIALS)
    assert len(frames.requests) == 2


@pytest.mark.holds("R13")
async def test_a_token_that_apple_finds_too_new_gives_way_to_the_old_one(frames: Frames, keys: Path) -> None:
    times = iter([datetime(2026, 11, 22, *moment, tzinfo=UTC) for moment in ((12, 30), (12, 55), (12, 56), (12, 57))])
    frames.replies.extend([(200, b""), (429, reason("TooManyProviderTokenUpdates")), (200, b"")])
    async with apns_lane(route(frames.url, most_connections=1), keys, lambda: next(times)) as lane:
        outcomes = [await lane.send(fresh_parcel()) for _ in range(3)]

    first, second, third = (request["authorization"] for request in frames.requests)
    assert outcomes == [Accepted(), Again(trouble=Trouble.CREDENTIALS), Accepted()]
    assert first == third != second


@pytest.mark.holds("R12", "R13")
@pytest.mark.parametrize(
    ("status", "name", "trouble"),
    [
        (400, "IdleTimeout", Trouble.NOT_SENT),
        (503, "Shutdown", Trouble.NOT_SENT),
        (403, "UnrelatedKeyIdInToken", Trouble.CREDENTIALS),
    ],
)
async def test_a_connection_that_the_provider_wants_to_close_is_replaced(
    frames: Frames, keys: Path, status: int, name: str, trouble: Trouble
) -> None:
    frames.replies.extend([(200, b""), (status, reason(name)), (200, b"")])
    async with apns_lane(route(frames.url, most_connections=1), keys) as lane:
        outcomes = [await lane.send(fresh_parcel()) for _ in range(3)]
    assert outcomes == [Accepted(), Again(trouble=trouble), Accepted()]
    assert frames.connections == 2


@pytest.mark.holds("R12", "R13", "A20")
@pytest.mark.parametrize(
    ("status", "name"),
    [(400, "TopicDisallowed"), (403, "InvalidProviderToken"), (403, "BadCertificateEnvironment"), (403, "Forbidden")],
)
async def test_a_lane_that_is_configured_wrongly_does_not_hammer(
    frames: Frames, keys: Path, status: int, name: str
) -> None:
    frames.replies.append((status, reason(name)))
    async with apns_lane(route(frames.url), keys) as lane:
        outcomes = [await lane.send(fresh_parcel(number=number)) for number in range(1, 20)]
    assert outcomes == [Refused(trouble=Trouble.CONFIGURATION)] * 19
    assert len(frames.requests) == 1
