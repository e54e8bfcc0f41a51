"""Tokens of which nobody knows yet that they work, from register to push and from its answer back (R17)."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta

import pytest

from notifier.dispatch.batches import Due
from notifier.domain.settlements import Settlement
from notifier.postgres.deletions import PostgresParked
from notifier.postgres.queries import query
from tests.ledger.cast import ANNA, BERTIL, LANE, NOW
from tests.ledger.house import SECRETS, House
from tests.ledger.scene import GONE, REFUSED, later

pytestmark = pytest.mark.holds("R17")
DAY = timedelta(days=1)


def doubts(dues: Iterable[Due]) -> dict[str, bool]:
    """Say which tokens are in doubt."""
    return {SECRETS.open_token(due.delivery.token): due.delivery.doubtful for due in dues}


async def test_a_new_phone_is_in_doubt_until_a_provider_took_a_push_to_it(house: House) -> None:
    await house.register(ANNA, "aa", NOW - DAY)
    first, second = await house.notify(ANNA), await house.notify(ANNA)
    assert doubts(first) == doubts(second) == {"aa": True}
    await house.scene.accept(*first, *second)
    assert doubts(await house.notify(ANNA)) == {"aa": False}


@pytest.mark.parametrize("said", [None, later(), later(unsure=True), REFUSED])
async def test_it_stays_in_doubt_whatever_else_is_said(house: House, said: Settlement | None) -> None:
    await house.register(ANNA, "aa", NOW - DAY)
    await house.scene.record(said, *await house.notify(ANNA))
    assert doubts(await house.notify(ANNA)) == {"aa": True}


async def test_what_is_claimed_later_is_in_doubt_as_its_phone_is_then(house: House) -> None:
    await house.register(ANNA, "aa", NOW - DAY)
    for expected in (True, False):
        await house.scene.record(None, *await house.notify(ANNA))
        (judged,) = await house.claim()
        assert isinstance(judged, Due)
        assert doubts([judged]) == {"aa": expected}
        await house.scene.accept(judged)


async def test_a_phone_whose_token_changed_is_in_doubt_again(house: House) -> None:
    await house.register(ANNA, "aa", NOW - 2 * DAY)
    await house.scene.accept(*await house.notify(ANNA))
    await house.register(ANNA, "bb", NOW - DAY)
    assert doubts(await house.notify(ANNA)) == {"aa": False, "bb": True}


async def test_a_token_that_works_does_so_for_whoever_registers_it_next(house: House) -> None:
    await house.register(ANNA, "aa", NOW - 3 * DAY)
    await house.scene.accept(*await house.notify(ANNA))
    await house.register(ANNA, "aa", NOW - 2 * DAY)
    assert doubts(await house.notify(ANNA)) == {"aa": False}
    await house.register(BERTIL, "aa", NOW - DAY)
    assert doubts(await house.notify(BERTIL)) == {"aa": False}


@pytest.mark.holds("A19")
async def test_what_is_taken_over_is_not_in_doubt(house: House) -> None:
    await house.register(ANNA, "aa", NOW - 2 * DAY, proven=True)
    assert doubts(await house.notify(ANNA)) == {"aa": False}
    await house.register(ANNA, "aa", NOW - DAY)
    assert doubts(await house.notify(ANNA)) == {"aa": False}


@pytest.mark.holds("R13")
@pytest.mark.parametrize("proven", [False, True])
async def test_a_token_that_was_gone_is_in_doubt_when_it_is_registered_again(house: House, proven: bool) -> None:
    await house.register(ANNA, "aa", NOW - 2 * DAY, proven=True)
    await house.scene.record(GONE, *await house.notify(ANNA))
    assert await house.notify(ANNA) == []
    await house.register(ANNA, "aa", NOW, proven=proven)
    assert doubts(await house.notify(ANNA)) == {"aa": True}


@pytest.mark.holds("R13")
async def test_what_a_brake_releases_is_in_doubt_until_a_provider_takes_it(house: House) -> None:
    await house.register(ANNA, "aa", NOW - DAY, proven=True)
    await house.register(ANNA, "bb", NOW - DAY, proven=True)
    await house.pool.execute(
        "update device set parked_at = now(), parked_reason = 'brake' where token_index = $1", SECRETS.index("aa")
    )
    assert await PostgresParked(house.pool).release(LANE, 10) == 1
    dues = await house.notify(ANNA)
    assert doubts(dues) == {"aa": True, "bb": False}
    await house.scene.accept(*dues)
    assert doubts(await house.notify(ANNA)) == {"aa": False, "bb": False}


async def test_a_late_acceptance_does_not_prove_what_was_parked_since(house: House) -> None:
    await house.register(ANNA, "aa", NOW - DAY)
    first, second = [*await house.notify(ANNA), *await house.notify(ANNA)]
    await house.scene.record(GONE, first)
    await house.scene.accept(second)
    assert await house.pool.fetchval("select proven_at from device") is None


@pytest.mark.holds("R14")
async def test_silent_work_is_in_doubt_as_its_phone_is_and_proves_it_too(house: House) -> None:
    await house.register(ANNA, "aa", NOW - DAY)
    for taken, doubtful in ((False, True), (True, True), (True, False)):
        await house.pool.execute(
            "insert into quiet_push (device, recipient, lane, with_badge, available_at)"
            " select id, person, lane, true, now() from device"
        )
        (owed,) = await house.scene.owed()
        assert owed.doubtful is doubtful
        await house.scene.pay(owed, taken=taken)


async def test_recording_asks_once_more_only_where_something_was_in_doubt(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def spy(name: str) -> str:
        asked.append(name)
        return query(name)

    monkeypatch.setattr("notifier.postgres.proving.query", spy)
    await house.register(ANNA, "aa", NOW - DAY)
    await house.register(ANNA, "bb", NOW - DAY)
    for expected in (["prove_devices"], []):
        asked.clear()
        await house.scene.accept(*await house.notify(ANNA), *await house.notify(ANNA))
        assert asked == expected


async def test_proving_waits_for_nobody(house: House) -> None:
    """Whoever holds the phone parks or registers it; the next push proves it."""
    await house.register(ANNA, "aa", NOW - DAY)
    dues = await house.notify(ANNA)
    async with house.pool.acquire() as other, other.transaction():
        await other.execute("select from device for update")
        async with asyncio.timeout(5):
            await house.scene.accept(*dues)
    again = await house.notify(ANNA)
    assert doubts(again) == {"aa": True}
    await house.scene.accept(*again)
    assert doubts(await house.notify(ANNA)) == {"aa": False}
