"""Tokens that change hands, come back or go stale, and apps that are too old, from register to push (R17, R19)."""

import os
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
import pytest

from notifier.app.keyring import DetailSeals
from notifier.dispatch.batches import Due, Opened, Span
from notifier.dispatch.claims import Stopped
from notifier.dispatch.feeder import judge_again
from notifier.dispatch.fleet import Fleet
from notifier.dispatch.intake import Clocks
from notifier.dispatch.patience import Patience
from notifier.dispatch.planning import Planner
from notifier.dispatch.registrations import Registrations
from notifier.dispatch.rejudging import Rejudger
from notifier.domain.circumstances import Circumstances
from notifier.domain.identifiers import PersonId
from notifier.domain.people import Platform
from notifier.domain.reasons import Reason
from notifier.postgres.imports import PostgresRegister
from notifier.postgres.pool import Pool
from notifier.postgres.quiet import Debts
from notifier.wire.device_lines import Device
from notifier.wire.devices import DeviceSecrets
from notifier.wire.pseudonyms import BlindIndex
from notifier.wire.records import Decoded, Position, Read
from notifier.wire.seals import Sealer
from tests.domain.cast import NATIONAL, around
from tests.ledger.cast import ANNA, BERTIL, LANE, LEASE, NOW, lookup_of
from tests.ledger.parts import an_event
from tests.ledger.postgres_backend import PostgresBackend
from tests.ledger.scene import TOPIC, Scene
from tests.wire.samples import KEY, OTHER_KEY

SECRETS = DeviceSecrets(Sealer(KEY, entropy=os.urandom), BlindIndex(OTHER_KEY))
DAY = timedelta(days=1)
LANES = {"ios": LANE, "android": "fcm:production"}


class AnyRoom:
    def reserve(self, lane: str) -> bool:
        return True


PLANNER = Planner(
    entropy=os.urandom,
    sealing=DetailSeals(secrets=SECRETS, entropy=os.urandom),
    rooms=AnyRoom(),
    lease=LEASE,
    rejudge_every=timedelta(seconds=10),
    catalogue="test",
)


class House:
    """People without phones, a register, and the path from their audience to the ledger."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.backend = PostgresBackend(pool)
        self.scene = Scene(self.backend)
        self.registrations = Registrations(PostgresRegister(pool, 1), SECRETS, os.urandom)
        self._number = 0

    async def register(
        self,
        person: PersonId,
        token: str,
        at: datetime,
        platform: Literal["ios", "android"] = "ios",
        version: str | None = None,
    ) -> None:
        """Register a phone as the import and the app do."""
        line = Device(
            person=lookup_of(person), platform=platform, environment="production", lane=LANES[platform], kind="token",
            token=token, content_key=None, language=None, app_version=version, registered_at=at,
        )  # fmt: skip
        await self.registrations.put_devices([line], at)

    async def notify(
        self, person: PersonId, now: datetime = NOW, around: Circumstances | None = None, **policy: Any
    ) -> list[Due]:
        """Plan and open an event about somebody; give what is handed to the lanes."""
        number, self._number = self._number, self._number + 1
        event = an_event(f"e{number}", matter=f"m{number}", subject=person)
        read = Read(position=Position(topic=TOPIC, partition=0, offset=number), item=event, appended_at=now)
        audiences = await self.backend.directory.audience_of([event.subject], now)
        batch = PLANNER.plan(
            (Span(topic=TOPIC, partition=0, expected=number, next_offset=number + 1),),
            Decoded(reads=(read,), letters=()), {}, audiences, {}, around or at(now, **policy),
        )  # fmt: skip
        opened = await self.backend.ledger.open(batch)
        assert isinstance(opened, Opened)
        return list(opened.due)

    async def judge_held(self, now: datetime, **policy: Any) -> None:
        """Judge what is held as the service does; no lane has room."""

        async def circumstances(now: datetime) -> Circumstances:
            return at(now, **policy)

        fleet = Fleet(lanes={}, lease=LEASE, workers=1, monotonic=lambda: 0.0)
        clocks = Clocks(now=lambda: now, wall=lambda: now, monotonic=lambda: 0.0)
        await Rejudger(
            ledger=self.backend.holdings, directory=self.backend.directory, circumstances=circumstances,
            planner=PLANNER, fleet=fleet, clocks=clocks, observe=lambda _fact: None,
            patience=Patience(part="rejudge", chance=lambda: 0.5, observe=lambda _fact: None),
        ).judge()  # fmt: skip


def at(now: datetime, residents_complete_to: datetime | None = None, **policy: Any) -> Circumstances:
    """Give the circumstances under a changed policy."""
    known = around(now, residents_complete_to=residents_complete_to or now)
    return msgspec.structs.replace(known, policy=msgspec.structs.replace(NATIONAL, **policy), day=NOW.date())


def tokens(dues: list[Due]) -> set[str]:
    return {SECRETS.open_token(due.delivery.token) for due in dues}


@pytest.fixture
async def house(pool: Pool) -> House:
    """Lend a house in which nobody has a phone yet."""
    house = House(pool)
    await house.backend.settle_in(TOPIC)
    await pool.execute("delete from device")
    return house


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

    (claimed,) = await house.scene.claim()
    audiences = await house.backend.directory.audience_of([claimed.event.subject], NOW)
    judged = judge_again(claimed, audiences[claimed.event.subject], at(NOW), 0.0)

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

    (claimed,) = await house.scene.claim()
    later = NOW + timedelta(hours=1)
    audiences = await house.backend.directory.audience_of([claimed.event.subject], later)
    judged = judge_again(claimed, audiences[claimed.event.subject], at(later), 0.0)

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
