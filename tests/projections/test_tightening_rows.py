"""What tightening writes in PostgreSQL: deliveries, events, badges, silent work, and word to every lane (A30)."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from notifier.postgres.pool import Pool
from tests.projections.scenes import PostgresBackend, Scene, link, resident

TODAY = datetime.now(UTC).date()
LATER = datetime.now(UTC) + timedelta(days=5)
OLD, NEW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
FLAGGED = datetime(2026, 6, 1, tzinfo=UTC)


class Ledger:
    """Writes what openings write, and reads what became of it."""

    def __init__(self, pool: Pool, backend: PostgresBackend) -> None:
        self.pool = pool
        self.backend = backend

    async def device(self, id_: int, person: str, registered_at: datetime = OLD, parked: bool = False) -> None:
        await self.pool.execute(
            "insert into device (id, person, platform, environment, lane, kind, token, token_index, content_key,"
            " registered_at, confirmed_at, parked_at)"
            " values ($1, $2, 'ios', 'production', 'apns:production:app', 'token', '', $3, '', $4, $4, $5)",
            id_,
            await self.backend.id_of(person),
            id_.to_bytes(32),
            registered_at,
            OLD if parked else None,
        )

    async def notice(self, event: int, recipient: str, about: str, devices: list[int], state: str = "waiting") -> None:
        """Open one event with a delivery per device."""
        key, subject, person = event.to_bytes(16), await self.backend.id_of(about), await self.backend.id_of(recipient)
        await self.pool.execute(
            "insert into event (day, key, source, id, type, subject, matter, matter_key, unit, region,"
            " happened_at, visible, proxies_allowed, live_asked, opened_at, useful_until, about_child, legacy,"
            " catalogue, policy, end_due_at) values ($1, $2, 's', 'e', 't', $3, 'm', $2, 'u', '01', $4, true, true,"
            " false, $4, $5, false, false, 'c', 1, $5) on conflict do nothing",
            TODAY, key, subject, OLD, LATER,
        )  # fmt: skip
        for device in devices:
            await self.pool.execute(
                "insert into delivery (day, event, notice, id, recipient, device, lane, loudness, text_key,"
                " collapse_id, expires_at, state, handed, available_at) values ($1, $2, $3, $4, $3, $4,"
                " 'apns:production:app', 'active', 'own', $5, $6, $7, false, clock_timestamp())",
                TODAY, key, person, device, _collapse(event, recipient), LATER, state,
            )  # fmt: skip
        await self.pool.execute(
            "insert into reader (matter, recipient, about, counted, newest_at, notice_day, notice_event, notice,"
            " collapse_id, touched_on) values ($1, $2, $3, true, $4, $5, $1, $2, $6, $5)",
            key, person, subject, OLD, TODAY, _collapse(event, recipient),
        )  # fmt: skip
        await self.pool.execute(
            "insert into badge as b values ($1, 1, 1) on conflict (recipient)"
            " do update set unread = b.unread + 1, version = b.version + 1",
            person,
        )

    async def states(self) -> dict[tuple[int, int], tuple[str, str | None]]:
        rows = await self.pool.fetch("select event, device, state, reason from delivery")
        return {(int.from_bytes(row["event"]), row["device"]): (row["state"], row["reason"]) for row in rows}

    async def badge(self, person: str) -> tuple[int, int]:
        row = await self.pool.fetchrow(
            "select unread, version from badge where recipient = $1", await self.backend.id_of(person)
        )
        return row["unread"], row["version"]

    async def silent(self) -> dict[int, set[bytes]]:
        rows = await self.pool.fetch("select device, removals, with_badge, urgent, available_at from quiet_push")
        assert all(row["with_badge"] and row["urgent"] for row in rows)
        assert all(row["available_at"] <= datetime.now(UTC) for row in rows)
        return {row["device"]: set(row["removals"]) for row in rows}

    async def hastened(self) -> set[int]:
        rows = await self.pool.fetch("select key from event where end_due_at < useful_until")
        return {int.from_bytes(row["key"]) for row in rows}


def _collapse(event: int, recipient: str) -> bytes:
    return f"{event}{recipient}".encode().ljust(16, b".")


@pytest.fixture
async def house(pool: Pool) -> tuple[Scene, Ledger]:
    backend = PostgresBackend(pool)
    scene = Scene(backend)
    await scene.begin()
    await scene.meet(resident("Mo"), resident("Fa"), resident("Kid"))
    await scene.tie(link("Kid", "Mo"), link("Kid", "Fa"))
    return scene, Ledger(pool, backend)


@pytest.mark.holds("B12", "A30", "A24", "B6")
async def test_an_ended_link_takes_back_what_waits_counts_and_shows(house, pool: Pool):
    scene, ledger = house
    for device, person in ((1, "Mo"), (2, "Mo"), (4, "Fa")):
        await ledger.device(device, person)
    await ledger.device(3, "Mo", parked=True)
    await ledger.notice(1, "Mo", "Kid", [1, 2])
    await ledger.notice(1, "Fa", "Kid", [4])
    await ledger.notice(2, "Mo", "Mo", [1])
    await ledger.notice(3, "Mo", "Kid", [1], state="accepted")
    await ledger.notice(4, "Mo", "Kid", [1])
    await scene.tie(link("Kid", "Mo", 2, blocked=True))
    assert await ledger.states() == {
        (1, 1): ("cancelled", "blocked"),
        (1, 2): ("cancelled", "blocked"),
        (1, 4): ("waiting", None),
        (2, 1): ("waiting", None),
        (3, 1): ("accepted", None),
        (4, 1): ("cancelled", "blocked"),
    }
    assert await ledger.badge("Mo") == (1, 5)
    assert await ledger.badge("Fa") == (1, 1)
    removed = {_collapse(1, "Mo"), _collapse(3, "Mo"), _collapse(4, "Mo")}
    assert await ledger.silent() == {1: removed, 2: removed}
    assert await ledger.hastened() == {4}


@pytest.mark.holds("A30")
async def test_silent_work_that_waits_already_becomes_urgent_and_keeps_what_it_owed(house, pool: Pool):
    scene, ledger = house
    await ledger.device(1, "Mo")
    await ledger.notice(1, "Mo", "Kid", [1])
    await pool.execute(
        "insert into quiet_push (device, recipient, lane, with_badge, removals, available_at)"
        " values (1, $1, 'apns:production:app', false, array['\\x01'::bytea], clock_timestamp() + interval '1 hour')",
        await ledger.backend.id_of("Mo"),
    )
    await scene.tie(link("Kid", "Mo", 2, blocked=True))
    assert await ledger.silent() == {1: {b"\x01", _collapse(1, "Mo")}}
    assert await pool.fetchval("select wanted from quiet_push") == 2


@pytest.mark.holds("B7", "A17", "A24")
async def test_own_protection_spares_devices_that_were_confirmed_after_the_flag(house, pool: Pool):
    scene, ledger = house
    await ledger.device(1, "Mo", OLD)
    await ledger.device(2, "Mo", NEW)
    await ledger.notice(1, "Mo", "Mo", [1, 2])
    await ledger.notice(2, "Mo", "Kid", [1, 2])
    await scene.meet(resident("Mo", 2, protected=True, changed_at=FLAGGED))
    assert await ledger.states() == {
        (1, 1): ("cancelled", "protected"),
        (1, 2): ("waiting", None),
        (2, 1): ("cancelled", "protected"),
        (2, 2): ("cancelled", "protected"),
    }
    assert (await ledger.badge("Mo"))[0] == 0
    assert await ledger.silent() == {1: {_collapse(1, "Mo"), _collapse(2, "Mo")}, 2: {_collapse(2, "Mo")}}
    assert await ledger.hastened() == {2}


@pytest.mark.holds("B7", "A24")
async def test_a_later_version_of_the_protected_leaves_new_notices_alone(house, pool: Pool):
    scene, ledger = house
    await scene.meet(resident("Mo", 2, protected=True, changed_at=FLAGGED))
    await ledger.device(2, "Mo", NEW)
    await ledger.notice(1, "Mo", "Mo", [2])
    await scene.meet(resident("Mo", 3, protected=True, region="03"))
    assert await ledger.states() == {(1, 2): ("waiting", None)}
    assert await ledger.badge("Mo") == (1, 1)


@pytest.mark.holds("B13")
async def test_a_dead_childs_badge_share_goes_from_everybody_with_one_change(house, pool: Pool):
    scene, ledger = house
    await ledger.device(1, "Mo")
    await ledger.device(4, "Fa")
    await ledger.notice(1, "Mo", "Kid", [1])
    await ledger.notice(1, "Fa", "Kid", [4])
    await scene.meet(resident("Kid", 2, deceased=date(2026, 11, 20)))
    assert {state for state, _ in (await ledger.states()).values()} == {"cancelled"}
    assert (await ledger.badge("Mo"))[0] == (await ledger.badge("Fa"))[0] == 0
    assert await ledger.hastened() == {1}


@pytest.mark.holds("A30")
async def test_lanes_of_every_process_hear_of_it_in_pieces_that_fit(house, pool: Pool):
    scene, _ = house
    heard: list[str] = []
    crowd = [f"P{number:04}" for number in range(900)]

    def hear(*message: object) -> None:
        heard.append(str(message[-1]))

    await scene.meet(*(resident(name) for name in crowd))
    async with pool.acquire() as listener:
        await listener.add_listener("tightened", hear)
        await scene.meet(*(resident(name, 2, protected=True) for name in crowd))
        async with asyncio.timeout(5):
            while sum(len(piece.split(",")) for piece in heard) < len(crowd):
                await asyncio.sleep(0.01)
        await listener.remove_listener("tightened", hear)
    told = {int(one) for piece in heard for one in piece.split(",")}
    assert told == {row["id"] for row in await pool.fetch("select id from person where protected and version = 2")}
    assert len(heard) == 3
    assert all(len(piece) < 8000 for piece in heard)
