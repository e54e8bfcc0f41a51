"""Filling the house from files (DESIGN 8, A11, A19)."""

import json
import os
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from notifier.dispatch.imports import Imported, Refused, import_lines
from notifier.dispatch.registrations import Registrations
from notifier.postgres.imports import PostgresRegister, put_regions
from notifier.postgres.pool import Pool
from notifier.wire.device_lines import DeviceReader
from notifier.wire.devices import DeviceSecrets
from notifier.wire.imports import Unreadable, read_region
from notifier.wire.keys import Key
from notifier.wire.numbers import IdentityNumber
from notifier.wire.preference_lines import PreferenceReader
from notifier.wire.pseudonyms import BlindIndex, Pseudonymiser
from notifier.wire.seals import Sealer
from tests.fakes.registers import FakeRegister
from tests.postgres import ROOT

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TOLVAN, AGDA = "191212121212", "191011290002"
KEYS = Pseudonymiser(Key(id=1, secret=bytes(range(32))))
SECRETS = DeviceSecrets(
    Sealer(Key(id=1, secret=bytes(range(1, 33))), entropy=os.urandom), BlindIndex(Key(id=1, secret=bytes(range(2, 34))))
)
READ_DEVICE = DeviceReader(KEYS, "se.1177.app")
READ_PREFERENCE = PreferenceReader(KEYS)
TOKEN = "ab" * 32


def device(**fields: object) -> bytes:
    usual = {
        "person": TOLVAN,
        "platform": "ios",
        "environment": "production",
        "token": TOKEN,
        "kind": "token",
        "app_version": "3.2.0",
        "language": "sv",
        "registered_at": "2026-01-01T00:00:00Z",
    }
    return json.dumps(usual | fields).encode()


def android(**fields: object) -> bytes:
    return device(**{"platform": "android", "token": "fcm:token-1234"} | fields)


def preference(**fields: object) -> bytes:
    return json.dumps({"person": TOLVAN, "about": "self", "channel": "push", "on": False} | fields).encode()


class House:
    """The register under test, and what it holds."""

    def __init__(self, register: FakeRegister | PostgresRegister, pool: object) -> None:
        self.registrations = Registrations(register, SECRETS, os.urandom)
        self._register = register
        self._pool = pool

    async def devices(self, *lines: bytes, batch_lines: int = 1000):
        return await import_lines(
            lines, READ_DEVICE, lambda batch: self.registrations.put_devices(batch, NOW), print, batch_lines
        )

    async def preferences(self, *lines: bytes):
        return await import_lines(
            lines, READ_PREFERENCE, lambda batch: self.registrations.put_preferences(batch, NOW), print
        )

    async def seen(self) -> list[dict[str, object]]:
        """Give the devices in order of registration, opened."""
        if isinstance(self._register, FakeRegister):
            kept = sorted(self._register.devices.values(), key=lambda one: one.row.device.registered_at)
            return [
                {
                    "id": one.id,
                    "person": one.row.device.person,
                    "lane": one.row.device.lane,
                    "kind": one.row.device.kind,
                    "token": SECRETS.open_token(one.row.token),
                    "content_key": SECRETS.open_content_key(one.content_key),
                    "retired": one.retired,
                }
                for one in kept
            ]
        rows = await self._pool.fetch(
            "select d.id, p.lookup as person, d.lane, d.kind, d.token, d.content_key,"
            " d.retired_at is not null as retired"
            " from device d join person p on p.id = d.person order by d.registered_at"
        )
        return [
            dict(row)
            | {"token": SECRETS.open_token(row["token"]), "content_key": SECRETS.open_content_key(row["content_key"])}
            for row in rows
        ]

    async def switches(self) -> dict[tuple[bytes, bytes, str], bool]:
        if isinstance(self._register, FakeRegister):
            return self._register.switches
        rows = await self._pool.fetch(
            "select p.lookup as person, a.lookup as about, setting, is_on from preference f"
            " join person p on p.id = f.person join person a on a.id = f.about"
        )
        return {(row["person"], row["about"], row["setting"]): row["is_on"] for row in rows}

    async def quiet(self) -> set[tuple[bytes, str, str]]:
        if isinstance(self._register, FakeRegister):
            hours = self._register.hours.values()
            return {(one.person, f"{one.start:%H:%M}", f"{one.end:%H:%M}") for one in hours if one.start and one.end}
        rows = await self._pool.fetch("select lookup, quiet_from, quiet_to from person where quiet_from is not null")
        return {(row["lookup"], f"{row['quiet_from']:%H:%M}", f"{row['quiet_to']:%H:%M}") for row in rows}


@pytest.fixture(params=["fake", "postgres"])
def house(request) -> House:
    if request.param == "fake":
        return House(FakeRegister(), None)
    pool = request.getfixturevalue("pool")
    return House(PostgresRegister(pool, 1), pool)


def of(number: str) -> bytes:
    return KEYS.pseudonym(IdentityNumber(number))


@pytest.mark.holds("A19", "B40")
async def test_a_device_is_stored_sealed_with_a_content_key_and_its_lane(house: House):
    key = os.urandom(32)
    lines = (
        device(token=TOKEN.upper(), content_key=b64encode(key).decode()),
        device(token="cd" * 32, environment="sandbox", topic="se.1177.test", registered_at="2026-01-02T00:00:00Z"),
        android(kind="fid", registered_at="2026-01-03T01:00:00+01:00"),
    )
    assert await house.devices(*lines) == Imported(lines=3, changed=3)
    seen = await house.seen()
    assert [one["lane"] for one in seen] == [
        "apns:production:se.1177.app",
        "apns:sandbox:se.1177.test",
        "fcm:production",
    ]
    assert [one["token"] for one in seen] == [TOKEN, "cd" * 32, "fcm:token-1234"]
    assert [one["kind"] for one in seen] == ["token", "token", "fid"]
    assert seen[0]["content_key"] == key
    assert {len(one["content_key"]) for one in seen} == {32}
    assert {one["person"] for one in seen} == {of(TOLVAN)}


@pytest.mark.holds("A19")
async def test_the_same_file_twice_changes_nothing(house: House):
    lines = (device(), android(person=AGDA))
    await house.devices(*lines)
    before = await house.seen()
    assert await house.devices(*lines) == Imported(lines=2, changed=0)
    assert await house.seen() == before


@pytest.mark.holds("A19")
@pytest.mark.parametrize("together", [True, False])
async def test_the_later_registration_owns_the_token_in_whatever_order_it_comes(house: House, together):
    later = device(person=AGDA, registered_at="2026-06-01T00:00:00Z")
    for lines in [(later, device())] if together else [(later,), (device(),)]:
        await house.devices(*lines)
    assert [one["person"] for one in await house.seen()] == [of(AGDA)]
    await house.devices(device(registered_at="2026-06-01T00:00:00Z"))
    assert [one["person"] for one in await house.seen()] == [of(AGDA)]


@pytest.mark.holds("A19")
async def test_a_device_that_changes_hands_gets_another_id_and_keeps_its_content_key(house: House):
    await house.devices(device())
    (first,) = await house.seen()
    await house.devices(device(registered_at="2026-02-01T00:00:00Z"))
    (again,) = await house.seen()
    assert (again["id"], again["content_key"]) == (first["id"], first["content_key"])
    await house.devices(device(person=AGDA, registered_at="2026-03-01T00:00:00Z"))
    (moved,) = await house.seen()
    assert moved["id"] != first["id"]
    assert moved["content_key"] == first["content_key"]
    key = os.urandom(32)
    told = device(person=AGDA, registered_at="2026-04-01T00:00:00Z", content_key=b64encode(key).decode())
    await house.devices(told)
    assert (await house.seen())[0]["content_key"] == key


@pytest.mark.holds("A19")
async def test_of_more_than_ten_devices_the_oldest_are_retired(house: House):
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    lines = [
        device(token=f"{number:02x}" * 32, registered_at=(begun + timedelta(days=number)).isoformat())
        for number in range(12)
    ]
    await house.devices(*reversed(lines), batch_lines=5)
    assert [one["retired"] for one in await house.seen()] == [True, True] + [False] * 10


@pytest.mark.holds("A11")
async def test_switches_and_quiet_hours_are_stored_and_idempotent(house: House):
    lines = (
        preference(),
        preference(about=AGDA, category="journal", channel="sms"),
        json.dumps({"person": TOLVAN, "quiet": {"from": "22:00", "to": "06:30"}}).encode(),
    )
    assert await house.preferences(*lines) == Imported(lines=3, changed=3)
    assert await house.preferences(*lines) == Imported(lines=3, changed=0)
    assert await house.switches() == {
        (of(TOLVAN), of(TOLVAN), "push"): False,
        (of(TOLVAN), of(AGDA), "sms:journal"): False,
    }
    assert await house.quiet() == {(of(TOLVAN), "22:00", "06:30")}
    assert await house.preferences(preference(on=True), preference()) == Imported(lines=2, changed=0)
    cleared = json.dumps({"person": TOLVAN, "quiet": None}).encode()
    assert await house.preferences(preference(on=True), cleared) == Imported(lines=2, changed=2)
    assert await house.quiet() == set()


@pytest.mark.holds("A19", "I10")
@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"[]", "JSON object"),
        (b"{", "JSON"),
        (device(platform="web"), "Web Push"),
        (device(person="191212121213"), "`person`"),
        (device(person="121212-1212"), "`person`"),
        (device(token="not hexadecimal"), "`token`"),
        (device(content_key="c2hvcnQ="), "`content_key`"),
        (device(kind="fid"), "Android"),
        (device(registered_at="2026-01-01T00:00:00"), "registered_at"),
        (device(surname="Andersson"), "not known"),
        (device(topic="a b"), "`topic`"),
        (android(environment="sandbox"), "production"),
        (android(topic="se.1177.app"), "iOS"),
        (device(platform="ios 191212121212"), "platform"),
        (b'{"person": "191212121212"}', "missing"),
    ],
)
def test_a_line_that_cannot_be_used_is_explained_without_its_values(line, says):
    with pytest.raises(Unreadable, match=says) as fault:
        READ_DEVICE(line)
    for secret in ("1912121", "121212", "Andersson", TOKEN, "hexadecimal t"):
        assert secret not in str(fault.value)


@pytest.mark.holds("A11")
@pytest.mark.parametrize(
    ("line", "says"),
    [
        (preference(channel="fax"), "channel"),
        (preference(category="other"), "category"),
        (preference(on="yes"), "on"),
        (preference(about="mother"), "`about`"),
        (b'{"person": "191212121212", "on": true}', "`channel`"),
        (json.dumps({"person": TOLVAN, "quiet": {"from": "25:00", "to": "06:00"}}).encode(), "quiet"),
        (json.dumps({"person": TOLVAN, "quiet": {"from": "22:00"}}).encode(), "missing"),
        (preference(quiet=None), "not both"),
    ],
)
def test_a_preference_that_cannot_be_used_is_explained(line, says):
    with pytest.raises(Unreadable, match=says):
        READ_PREFERENCE(line)


@pytest.mark.holds("A19")
async def test_every_fault_of_a_batch_is_named_by_line_and_nothing_of_it_is_stored(house: House):
    lines = (device(), b"", device(token="cd" * 32), device(platform="web"), device(token="ef" * 32), b"{}")
    result = await house.devices(*lines, batch_lines=3)
    assert isinstance(result, Refused)
    assert result.stored_lines == 3
    assert [fault.line for fault in result.faults] == [4, 6]
    assert [one["token"] for one in await house.seen()] == [TOKEN, "cd" * 32]


@pytest.mark.holds("R44")
async def test_progress_is_told_after_each_batch():
    told: list[int] = []
    house = House(FakeRegister(), None)
    lines = [device(token=f"{number:02x}" * 32) for number in range(7)]
    await import_lines(lines, READ_DEVICE, lambda batch: house.registrations.put_devices(batch, NOW), told.append, 3)
    assert told == [3, 6, 7]


@pytest.mark.holds("B4")
async def test_the_regions_of_the_country_are_imported_and_updated(pool: Pool):
    lines = Path(ROOT / "schemas" / "regions.jsonl").read_bytes().splitlines()

    async def run(lines):
        return await import_lines(lines, read_region, lambda batch: put_regions(pool, batch), print)

    assert await run(lines) == Imported(lines=21, changed=21)
    assert await run(lines) == Imported(lines=21, changed=0)
    stockholm = json.loads(lines[0]) | {"joined": False, "withhold_units": ["SE2321000016-A1B2", "SE2321000016-C3D4"]}
    assert await run([json.dumps(stockholm).encode()]) == Imported(lines=1, changed=1)
    row = await pool.fetchrow("select * from region where code = '01'")
    assert (row["name"], row["organisation"], row["joined"]) == ("Region Stockholm", "2321000016", False)
    assert row["withhold_units"] == ["SE2321000016-A1B2", "SE2321000016-C3D4"]
    other = await pool.fetchrow("select * from region where code = '03'")
    assert (other["joined"], other["withhold_units"]) == (True, [])
