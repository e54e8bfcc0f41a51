"""What a change takes away at once: badge shares, waiting deliveries, what phones show (A24, A30, B7, B12, B13).

Locks in the house's order, each sorted by key: reader, delivery, event, badge, quiet push.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec

from notifier.domain.identifiers import PersonId
from notifier.domain.reasons import Reason
from notifier.postgres.days import distinct
from notifier.postgres.pool import Connection
from notifier.postgres.queries import query

Link = tuple[int, int]
"""The ids of a child and a guardian."""


class EndedShare(msgspec.Struct, frozen=True, kw_only=True):
    """A recipient who may be told nothing more about somebody, and why."""

    recipient: PersonId
    about: PersonId
    reason: Reason
    trusted_after: datetime | None = None
    """Of one's own protection: devices trusted later keep what they have (B7)."""


async def find_ended_shares(connection: Connection, people: Sequence[int], links: Sequence[Link]) -> list[EndedShare]:
    """Give every share around people who died, vanished or became protected, and around links that give nothing."""
    shares = []
    if people:
        rows = await connection.fetch(query("find_ended_shares"), people)
        shares += [read_share(row) for row in rows]
    if links:
        rows = await connection.fetch(query("find_same_links"), [c for c, _ in links], [g for _, g in links])
        shares += [read_share(row) for row in rows]
    return list({(share.recipient, share.about): share for share in reversed(shares)}.values())


async def tighten(connection: Connection, shares: Sequence[EndedShare], now: datetime) -> int:
    """End shares in the caller's transaction; give how many matters stopped counting."""
    if not shares:
        return 0
    ended = await connection.fetch(
        query("end_shares"),
        [share.recipient for share in shares],
        [share.about for share in shares],
        [share.reason for share in shares],
        [share.trusted_after for share in shares],
    )
    if ended:
        await _cancel(connection, ended, now)
        await _lower(connection, ended)
    await connection.execute(query("notify_tightened"), [share.recipient for share in shares])
    return len(ended)


async def _cancel(connection: Connection, ended: Sequence[asyncpg.Record], now: datetime) -> None:
    notices = [row for row in ended if row["notice"] is not None]
    cancelled = await connection.fetch(
        query("cancel_shared_deliveries"),
        [row["notice_day"] for row in notices],
        [row["notice_event"] for row in notices],
        [row["notice"] for row in notices],
        [row["reason"] for row in notices],
        [row["trusted_after"] for row in notices],
        distinct(row["notice_day"] for row in notices),
    )
    events = sorted({(row["day"], row["event"]) for row in cancelled})
    if events:
        days, keys = [day for day, _ in events], [key for _, key in events]
        await connection.execute(query("lock_events"), distinct(days), keys)
        await connection.execute(query("hasten_ends"), days, keys, now, distinct(days))


async def _lower(connection: Connection, ended: Sequence[asyncpg.Record]) -> None:
    counts = Counter(row["recipient"] for row in ended)
    recipients = sorted(counts)
    await connection.fetch(query("move_badges"), recipients, [-counts[recipient] for recipient in recipients])
    shown = [row for row in ended if row["collapse_id"] is not None]
    await connection.execute(
        query("owe_urgent_removals"),
        [row["recipient"] for row in shown],
        [row["collapse_id"] for row in shown],
        [row["trusted_after"] for row in shown],
    )


def read_share(row: asyncpg.Record) -> EndedShare:
    """Read a share as statements give it."""
    return EndedShare(
        recipient=row["recipient"],
        about=row["about"],
        reason=Reason(row["reason"]),
        trusted_after=row.get("trusted_after"),
    )
