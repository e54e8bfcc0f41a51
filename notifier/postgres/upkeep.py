"""Looking after the house: gauges, drift of badges, what has outlived its time."""

from datetime import UTC, datetime, timedelta

import msgspec

from notifier.domain.identifiers import PersonId
from notifier.domain.matters import Lowered
from notifier.domain.policy import Policy
from notifier.postgres.days import open_days
from notifier.postgres.endings import lower_badges
from notifier.postgres.noticing import move_badges
from notifier.postgres.pool import Pool, connection, transaction
from notifier.postgres.queries import query

_PAGE = 1000


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How things stand."""

    waiting: dict[str, int]
    oldest_at: datetime | None
    held: int
    outbox: int
    quiet: int
    braked: tuple[str, ...]
    """Lanes whose deletion brake is on (R13)."""


class Upkeep:
    """Reads and mends."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def read(self, now: datetime) -> Standing:
        """Give how things stand."""
        days = open_days(now.astimezone(UTC).date())
        async with connection(self._pool) as held:
            row = await held.fetchrow(query("read_gauges"), days)
            lanes = await held.fetch(query("count_waiting"), days)
            braked = await held.fetch(query("read_braked_lanes"))
        assert row is not None
        return Standing(
            waiting={lane["lane"]: lane["waiting"] for lane in lanes},
            oldest_at=min((lane["oldest_at"] for lane in lanes), default=None),
            held=row["held"],
            outbox=row["outbox"],
            quiet=row["quiet"],
            braked=tuple(one["lane"] for one in braked),
        )

    async def recount_badges(self, *, mend: bool) -> int:
        """Count badges anew; give how many had drifted, mended if wanted."""
        async with transaction(self._pool) as held:
            drifted = [row["recipient"] for row in await held.fetch(query("recount_badges"))]
            if mend and drifted:
                await held.execute(query("mend_badges"), drifted)
                await held.execute(query("owe_quiet_pushes"), drifted, [None] * len(drifted), False)
        return len(drifted)

    async def forget(self, policy: Policy, now: datetime, horizon: timedelta) -> None:
        """Let go of what has outlived its time, one page of each kind."""
        today = now.astimezone(UTC).date()
        async with connection(self._pool) as held:
            await held.execute(query("forget_gate"), today - horizon, _PAGE)
            await held.execute(query("forget_readers"), today - policy.badge_lifetime, _PAGE)
            await held.execute(query("forget_matters"), today - policy.badge_lifetime, _PAGE)
        await self._uncount(policy, now)

    async def _uncount(self, policy: Policy, now: datetime) -> None:
        before = now.astimezone(UTC).date() - policy.badge_lifetime
        async with transaction(self._pool) as held:
            old = await held.fetch(query("uncount_old_matters"), before, _PAGE)
            changes: dict[PersonId, int] = {}
            for row in old:
                changes[row["recipient"]] = changes.get(row["recipient"], 0) - 1
            await move_badges(held, dict(sorted(changes.items())))
            await lower_badges(held, [Lowered(recipient=r["recipient"], collapse_id=r["collapse_id"]) for r in old])
