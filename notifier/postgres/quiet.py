"""Silent work owed to devices, coalesced to a row each."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import asyncpg

from notifier.dispatch.batches import Badge
from notifier.dispatch.debts import Owed, Paid
from notifier.domain.identifiers import CollapseId
from notifier.domain.people import Platform
from notifier.postgres.pool import Pool, connection, transaction
from notifier.postgres.proving import prove_devices
from notifier.postgres.queries import query


class Debts:
    """Claims and settles silent work; `stale_borders` says which devices are not pushed to any more (R17)."""

    def __init__(
        self, pool: Pool, lease: timedelta, stale_borders: Callable[[], Sequence[tuple[Platform, datetime]]] = tuple
    ) -> None:
        self._pool = pool
        self._lease = lease
        self._stale_borders = stale_borders

    async def claim_quiet(self, lane: str, most: int) -> list[Owed]:
        """Claim due work of a lane."""
        borders = self._stale_borders()
        async with connection(self._pool) as held:
            rows = await held.fetch(
                query("claim_quiet_pushes"),
                lane,
                most,
                self._lease,
                [one for one, _ in borders],
                [at for _, at in borders],
            )
        return [_read_owed(row) for row in rows]

    async def pay(self, paid: Sequence[Paid]) -> None:
        """Store what was done; what is left waits."""
        done = [one for one in paid if one.badge_done and one.removal_done]
        kept = [*(one for one in paid if not (one.badge_done and one.removal_done)), *done]
        removed = [one.owed.device for one in paid if one.removal_done and one.owed.removals]
        async with transaction(self._pool) as held:
            await held.execute(query("note_removals"), removed)
            await held.execute(query("finish_quiet_pushes"), _devices(done), _leases(done), _wanted(done))
            await held.execute(
                query("keep_quiet_pushes"),
                _devices(kept),
                _leases(kept),
                _wanted(kept),
                [one.badge_done for one in kept],
                [one.removal_done for one in kept],
                [one.wait for one in kept],
            )
            # A badge that moved on meanwhile is sent again: what was sent here may arrive after what is newer (R14).
            await held.execute(
                query("repair_badges"),
                [one.owed.recipient for one in paid],
                _devices(paid),
                [one.owed.badge.version for one in paid],
            )
            await prove_devices(held, [one.owed.device for one in paid if one.taken and one.owed.doubtful])


def _devices(paid: Sequence[Paid]) -> list[int]:
    return [one.owed.device for one in paid]


def _leases(paid: Sequence[Paid]) -> list[int]:
    return [one.owed.lease for one in paid]


def _wanted(paid: Sequence[Paid]) -> list[int]:
    return [one.owed.wanted for one in paid]


def _read_owed(row: asyncpg.Record) -> Owed:
    return Owed(
        device=row["device"],
        recipient=row["recipient"],
        platform=Platform(row["platform"]),
        lane=row["lane"],
        kind=row["kind"],
        token=row["token"],
        badge=Badge(unread=row["unread"], version=row["version"]),
        with_badge=row["with_badge"],
        removals=tuple(CollapseId(one) for one in row["removals"]),
        urgent=row["urgent"],
        removed=row["removed"],
        lease=row["lease"],
        wanted=row["wanted"],
        attempts=row["attempts"],
        gone=row["gone"],
        doubtful=row["doubtful"],
    )
