"""Waiting deliveries: claimed, judged and settled in one transaction (DESIGN 3, Leases)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import asyncpg

from notifier.dispatch.batches import Badge
from notifier.dispatch.claims import Claimed, Postponed, Stopped
from notifier.domain.catalogue import EventType
from notifier.domain.deletions import LOOK_AGAIN
from notifier.domain.events import Event
from notifier.domain.identifiers import EventKey, Pseudonym
from notifier.domain.people import Audience
from notifier.domain.plans import NoticeRef
from notifier.domain.reasons import HoldReason
from notifier.domain.verdicts import Loudness
from notifier.postgres.days import distinct, open_days
from notifier.postgres.directory import read_audiences
from notifier.postgres.failing import end_deliveries, end_untold
from notifier.postgres.outbox import put_statuses
from notifier.postgres.pool import Connection, Pool, transaction
from notifier.postgres.queries import query


class Claim:
    """Claimed rows and the transaction that holds them."""

    def __init__(self, connection: Connection, claimed: Sequence[Claimed], status_topic: str, wait: timedelta) -> None:
        self._connection = connection
        self._status_topic = status_topic
        self._wait = wait
        self.claimed = claimed

    async def audience_of(self, subjects: Sequence[Pseudonym], now: datetime) -> dict[Pseudonym, Audience]:
        """Read audiences in this transaction."""
        return await read_audiences(self._connection, subjects, now)

    async def settle(self, postponed: Sequence[Postponed], stopped: Sequence[Stopped], now: datetime) -> None:
        """Store what is not sent after all: held rows wait, stopped ones end, and with them their events."""
        parked = [one.claimed for one in postponed if one.reason == HoldReason.DEVICES_PARKED]
        others = [one.claimed for one in postponed if one.reason != HoldReason.DEVICES_PARKED]
        await self._put_off(parked, LOOK_AGAIN)
        await self._put_off(others, self._wait)
        if stopped:
            claims = [one.claimed for one in stopped]
            states, reasons = [one.state for one in stopped], [one.reason for one in stopped]
            columns = (*_refs(claims), states, reasons, _days(claims))
            statuses = await end_deliveries(self._connection, columns, now)
            await put_statuses(self._connection, self._status_topic, statuses)

    async def _put_off(self, claims: Sequence[Claimed], wait: timedelta) -> None:
        if claims:
            leases = [claim.lease for claim in claims]
            await self._connection.execute(query("release_deliveries"), *_refs(claims), leases, wait, _days(claims))


class Waiting:
    """Claims the oldest due deliveries of a lane."""

    def __init__(
        self,
        pool: Pool,
        types: Mapping[str, EventType],
        status_topic: str,
        *,
        lease: timedelta,
        passive_after: timedelta,
        held_wait: timedelta,
    ) -> None:
        self._pool = pool
        self._types = types
        self._status_topic = status_topic
        self._lease = lease
        self._passive_after = passive_after
        self._held_wait = held_wait

    @asynccontextmanager
    async def claim(self, lane: str, most: int, now: datetime) -> AsyncIterator[Claim]:
        """Hold a transaction with the claimed rows; their leases begin now."""
        async with transaction(self._pool) as connection:
            rows = await connection.fetch(
                query("claim_deliveries"), lane, open_days(now.astimezone(UTC).date()), most, self._lease,
                self._passive_after,
            )  # fmt: skip
            claimed = [_read_claimed(row, self._types) for row in rows]
            yield Claim(connection, claimed, self._status_topic, self._held_wait)

    async def expire(self, now: datetime, most: int = 1000) -> int:
        """End deliveries past their time that no lane works on; give how many."""
        async with transaction(self._pool) as connection:
            days = open_days(now.astimezone(UTC).date())
            ended = await connection.fetch(query("expire_deliveries"), now, days, most)
            await put_statuses(connection, self._status_topic, await end_untold(connection, ended, now))
        return len(ended)


def _refs(claims: Sequence[Claimed]) -> tuple[list[object], ...]:
    return (
        [claim.ref.day for claim in claims],
        [claim.ref.event for claim in claims],
        [claim.ref.notice for claim in claims],
        [claim.id for claim in claims],
    )


def _days(claims: Sequence[Claimed]) -> list[date]:
    return distinct(claim.ref.day for claim in claims)


def read_event(row: asyncpg.Record, types: Mapping[str, EventType], key: EventKey, id: str) -> Event:
    """Make an event of its row as it was opened; its digest stays with the gate."""
    return Event(
        key=key,
        digest=b"",
        source=row["source"],
        id=id,
        type=types[row["type"]],
        subject=row["lookup"],
        time=row["happened_at"],
        matter=row["matter"],
        matter_key=row["matter_key"],
        unit=row["unit"],
        region=row["region"],
        happens_at=row["happens_at"],
        visible_to_subject=row["visible"],
        proxies_allowed=row["proxies_allowed"],
        live_asked=row["live_asked"],
    )


def _read_claimed(row: asyncpg.Record, types: Mapping[str, EventType]) -> Claimed:
    return Claimed(
        ref=NoticeRef(day=row["day"], event=row["event"], notice=row["notice"]),
        id=row["id"],
        event=read_event(row, types, row["event"], row["event_id"]),
        opened_at=row["opened_at"],
        recipient=row["recipient"],
        subject=row["subject"],
        device=row["device"],
        loudness=Loudness(row["loudness"]),
        text_key=row["text_key"],
        collapse_id=row["collapse_id"],
        sealed=row["sealed"],
        lease=row["lease"],
        attempts=row["attempts"],
        quiet_after=row["quiet_after"],
        badge=Badge(unread=row["unread"], version=row["badge_version"]),
    )
