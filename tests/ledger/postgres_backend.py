"""The ledger in PostgreSQL, and what the suites look at."""

import os
from datetime import date, datetime, timedelta

import orjson

from notifier.domain.identifiers import DeviceId, EventKey, PersonId
from notifier.domain.policy import DeviceBrake
from notifier.domain.reasons import Reason
from notifier.postgres.claiming import Waiting
from notifier.postgres.directory import Directory
from notifier.postgres.holding import Holdings
from notifier.postgres.letters import Letters
from notifier.postgres.mending import Mendings
from notifier.postgres.offsets import Offsets
from notifier.postgres.opening import Openings
from notifier.postgres.pool import Pool, transaction
from notifier.postgres.quiet import Debts
from notifier.postgres.recording import Recordings
from notifier.postgres.tightening import EndedShare, tighten
from tests.domain.kinds import INBOX
from tests.ledger.cast import ANNA, CHILD, GRACE, LANE, LEASE, NOW, PEOPLE, PHONES, lookup_of

STATUS, LETTERS = "1177.status", "1177.dead-letters"
BRAKE = DeviceBrake(share=0.02, mean_factor=3, mean_over=timedelta(days=7), window=timedelta(minutes=10), floor=50)
"""A10's numbers."""
TYPES = {INBOX.name: INBOX}


class PostgresLedger(Openings, Offsets):
    """The ledger as intake sees it."""

    def __init__(self, pool: Pool) -> None:
        Openings.__init__(self, pool, Letters(LETTERS, lambda record, _for: record), STATUS, lambda _point: None)


class PostgresBackend:
    """Everything over one database."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.ledger = PostgresLedger(pool)
        self.recordings = Recordings(pool, STATUS, lambda _point: None, BRAKE)
        self.waiting = Waiting(
            pool, TYPES, STATUS, lease=LEASE, passive_after=timedelta(seconds=60), held_wait=timedelta(seconds=10)
        )
        self.holdings = Holdings(pool, TYPES, STATUS)
        self.mendings = Mendings(pool, GRACE)
        self.debts = Debts(pool, LEASE)
        self.directory = Directory(pool, 1, os.urandom)

    async def settle_in(self, topic: str) -> None:
        pool = self.pool
        await pool.execute("insert into intake_position values ($1, 0, 0, 0)", topic)
        await pool.execute(
            "insert into region (code, name, organisation, joined, joined_from)"
            " values ('01', 'Stockholm', '2321000016', true, '2020-01-01') on conflict do nothing"
        )
        for person in PEOPLE:
            born = date(2020, 6, 15) if person == CHILD else date(1980, 5, 17)
            await pool.execute(
                "insert into person (id, lookup, lookup_key, version, region, born_younger, born_older, protected,"
                " active) values ($1, $2, 1, 1, '01', $3, $3, false, $4)",
                person, lookup_of(person), born, person != CHILD,
            )  # fmt: skip
            for phone in PHONES[person]:
                await pool.execute(
                    "insert into device (id, person, platform, environment, lane, kind, token, token_index,"
                    " content_key, registered_at, confirmed_at, proven_at)"
                    " values ($1, $2, 'ios', 'production', $3, 'token', $4, $4, '', $5, $5, $5)",
                    phone, person, LANE, str(phone).encode(), NOW - timedelta(days=100),
                )  # fmt: skip
        await pool.execute(
            "insert into proxy (child, guardian, is_guardian, valid_from, blocked, version)"
            " values ($1, $2, true, '2020-07-01', false, 1)", CHILD, ANNA,
        )  # fmt: skip

    async def let_pass(self, pause: timedelta) -> None:
        """Let the database's clock seem to have gone on."""
        await self.pool.execute(
            "update delivery set available_at = available_at - $1::interval, opened_at = opened_at - $1::interval",
            pause,
        )
        await self.pool.execute("update quiet_push set available_at = available_at - $1::interval", pause)
        await self.pool.execute(
            "update device set removals_at ="
            " (select coalesce(array_agg(one - $1::interval), '{}') from unnest(removals_at) one)", pause
        )  # fmt: skip

    async def badge(self, person: PersonId) -> tuple[int, int]:
        row = await self.pool.fetchrow("select unread, version from badge where recipient = $1", person)
        return (0, 0) if row is None else (row["unread"], row["version"])

    async def end_of(self, key: EventKey) -> str | None:
        return await self.pool.fetchval("select ended_as from event where key = $1", key)

    async def deliveries(self, key: EventKey) -> dict[DeviceId, tuple[str, str | None]]:
        rows = await self.pool.fetch("select device, state, reason from delivery where event = $1", key)
        return {row["device"]: (row["state"], row["reason"]) for row in rows}

    async def texts(self, key: EventKey) -> dict[DeviceId, str]:
        rows = await self.pool.fetch("select device, text_key from delivery where event = $1", key)
        return {row["device"]: row["text_key"] for row in rows}

    async def verdicts(self, key: EventKey) -> dict[PersonId, tuple[str, str | None]]:
        rows = await self.pool.fetch("select recipient, verdict, reason from notice where event = $1", key)
        return {row["recipient"]: (row["verdict"], row["reason"]) for row in rows}

    async def states(self, name: str) -> list[str]:
        rows = await self.pool.fetch("select contents from outbox where topic = $1 order by shard, id", STATUS)
        said = [orjson.loads(content) for row in rows for content in row["contents"]]
        return [one["state"] for one in said if one["id"] == name]

    async def letters(self) -> list[tuple[int, str]]:
        rows = await self.pool.fetch("select record_offset, reason from dead_letter order by id")
        return [(row["record_offset"], row["reason"]) for row in rows]

    async def totals(self) -> dict[str, int]:
        row = await self.pool.fetchrow("select records, opened, marks, duplicates, dead_letters from intake_total")
        return dict(row)

    async def planned(self) -> int:
        return await self.pool.fetchval("select coalesce(sum(deliveries), 0) from delivery_total") or 0

    async def parked(self) -> set[DeviceId]:
        return {row["id"] for row in await self.pool.fetch("select id from device where parked_at is not null")}

    async def forbid(self, recipient: PersonId, about: PersonId, reason: Reason, now: datetime) -> None:
        """Let a change of the projections end what somebody may be told."""
        async with transaction(self.pool) as held:
            await tighten(held, [EndedShare(recipient=recipient, about=about, reason=reason)], now)
