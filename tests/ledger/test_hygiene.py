"""Tokens that change hands, come back or go stale, and apps that are too old, from register to push (R17, R19)."""

from datetime import timedelta

import pytest

from notifier.dispatch.claims import Stopped
from notifier.domain.people import Platform
from notifier.domain.reasons import Reason
from notifier.postgres.quiet import Debts
from tests.domain.cast import NATIONAL
from tests.ledger.cast import ANNA, BERTIL, LANE, LEASE, NOW
from tests.ledger.house import SECRETS, House, at, tokens

DAY = timedelta(days=1)


@pytest.mark.holds("R17", "A19")
async def test_a_phone_that_changes_hands_shows_the_notices_of_its_new_owner_only(house: House) -> None:
    await house.register(ANNA, "aa", NOW - 2 * DAY)
    await house.register(BERTIL, "aa", NOW - DAY)

    assert tokens(await house.notify(ANNA)) == set()
    assert tokens(await house.notify(BERTIL)) == {"aa"}


@pytest.mark.holds("R17", "A19", "B12")
async def test_what_waits_for_a_phone_that_changed_hands_does_not_go_to_it(house: House) -> None:
    await house.register(ANNA, "aa", NOW - 2 * DAY)
    (due,) = await house.notify(ANNA)
    await house.scene.record(None, due)
    await house.register(BERTIL, "aa", NOW - DAY)

    (judged,) = await house.claim()

    assert isinstance(judged, Stopped)
    assert judged.reason in (Reason.NO_DEVICE, Reason.DEVICE_GONE)


@pytest.mark.holds("R17", "R14")
async def test_silent_work_that_an_earlier_owner_was_owed_is_let_go(house: House) -> None:
    await house.register(ANNA, "aa", NOW - 2 * DAY)
    (due,) = await house.notify(ANNA)
    await house.pool.execute(
        "insert into quiet_push (device, recipient, lane, with_badge, available_at) values ($1, $2, $3, true, now())",
        due.device, ANNA, LANE,
    )  # fmt: skip
    await house.register(BERTIL, "aa", NOW - DAY)

    (owed,) = await house.scene.owed()
    assert owed.gone
    await house.scene.pay(owed)
    assert await house.pool.fetchval("select count(*) from quiet_push") == 0


@pytest.mark.holds("R17", "A20")
async def test_a_parked_phone_that_registers_again_is_pushed_to_again(house: House) -> None:
    await house.register(ANNA, "aa", NOW - 2 * DAY)
    await house.pool.execute("update device set parked_at = now(), parked_reason = 'token_gone'")
    assert tokens(await house.notify(ANNA)) == set()

    await house.register(ANNA, "aa", NOW - DAY)
    assert tokens(await house.notify(ANNA)) == {"aa"}


@pytest.mark.holds("R17")
async def test_a_stale_android_phone_is_no_device_until_it_is_confirmed_and_is_kept(house: House) -> None:
    await house.register(ANNA, "old", NOW - 270 * DAY, "android")
    await house.register(ANNA, "aa", NOW - 1000 * DAY)
    assert tokens(await house.notify(ANNA)) == {"aa"}
    assert await house.pool.fetchval("select count(*) from device where parked_at is null and retired_at is null") == 2

    await house.pool.execute("update device set confirmed_at = $1 where platform = 'android'", NOW - 269 * DAY)
    assert tokens(await house.notify(ANNA)) == {"aa", "old"}


@pytest.mark.holds("R17", "B12")
async def test_a_phone_that_went_stale_while_its_notice_waited_does_not_get_it(house: House) -> None:
    await house.register(ANNA, "old", NOW - 270 * DAY + timedelta(hours=1), "android")
    (due,) = await house.notify(ANNA)
    await house.pool.execute("update delivery set lane = $1", LANE)
    await house.scene.record(None, due)

    (judged,) = await house.claim(NOW + timedelta(hours=1))

    assert isinstance(judged, Stopped)


@pytest.mark.holds("R17", "R14")
async def test_a_stale_phone_gets_no_silent_work_either(house: House) -> None:
    await house.register(ANNA, "old", NOW - 270 * DAY, "android")
    await house.pool.execute(
        "insert into quiet_push (device, recipient, lane, with_badge, available_at)"
        " select id, person, $1, true, now() from device", LANE,
    )  # fmt: skip
    debts = Debts(house.pool, LEASE, lambda: NATIONAL.stale_borders(NOW))
    assert [one.gone for one in await debts.claim_quiet(LANE, 10)] == [True]


@pytest.mark.holds("R19", "B8")
async def test_an_old_app_is_told_once_a_week_and_a_new_one_never(house: House) -> None:
    await house.register(ANNA, "aa", NOW - DAY, version="3.1.9")
    await house.register(ANNA, "bb", NOW - DAY, version="3.2")
    await house.register(ANNA, "cc", NOW - DAY)
    least = {"least_app_version": {Platform.IOS: "3.2"}}
    said = []
    for now in (NOW, NOW + timedelta(minutes=1), NOW + 7 * DAY - timedelta(seconds=1), NOW + 7 * DAY):
        dues = await house.notify(ANNA, now, **least)
        assert all(due.delivery.sealed is not None for due in dues)
        said.append({SECRETS.open_token(due.delivery.token): due.delivery.text_key for due in dues})

    told, plain = {"aa": "update", "bb": "own", "cc": "own"}, {"aa": "own", "bb": "own", "cc": "own"}
    assert said == [told, plain, plain, told]


@pytest.mark.holds("R19")
async def test_a_notice_that_was_held_tells_an_old_app_when_it_goes_out(house: House) -> None:
    least = {"least_app_version": {Platform.IOS: "3.2"}}
    await house.register(ANNA, "aa", NOW - DAY, version="3.1")
    assert await house.notify(ANNA, around=at(NOW, residents_complete_to=NOW - 2 * DAY, **least)) == []

    await house.judge_held(NOW + timedelta(minutes=1), **least)

    assert await house.pool.fetch("select text_key from delivery") == [("update",)]
    assert [due.delivery.text_key for due in await house.notify(ANNA, NOW + timedelta(minutes=2), **least)] == ["own"]


@pytest.mark.holds("R19")
async def test_a_phone_that_was_updated_is_not_told_any_more(house: House) -> None:
    least = {"least_app_version": {Platform.IOS: "3.2"}}
    await house.register(ANNA, "aa", NOW - 2 * DAY, version="3.1")
    assert [due.delivery.text_key for due in await house.notify(ANNA, **least)] == ["update"]

    await house.register(ANNA, "aa", NOW - DAY, version="3.2")
    assert [due.delivery.text_key for due in await house.notify(ANNA, NOW + 8 * DAY, **least)] == ["own"]


@pytest.mark.holds("R19")
async def test_without_a_least_version_nobody_is_told_and_nothing_is_remembered(house: House) -> None:
    await house.register(ANNA, "aa", NOW - DAY, version="0.1")
    assert [due.delivery.text_key for due in await house.notify(ANNA)] == ["own"]
    assert await house.pool.fetchval("select count(*) from device where told_to_update_at is not null") == 0


@pytest.mark.holds("R19", "R17")
async def test_a_new_owner_of_a_phone_with_an_old_app_is_told_too(house: House) -> None:
    least = {"least_app_version": {Platform.IOS: "3.2"}}
    await house.register(ANNA, "aa", NOW - 2 * DAY, version="3.1")
    await house.notify(ANNA, **least)
    await house.register(ANNA, "aa", NOW - DAY, version="3.1")
    assert [due.delivery.text_key for due in await house.notify(ANNA, **least)] == ["own"]
    await house.register(BERTIL, "aa", NOW, version="3.1")
    assert [due.delivery.text_key for due in await house.notify(BERTIL, **least)] == ["update"]
