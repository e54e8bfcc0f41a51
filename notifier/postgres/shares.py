"""Badge shares of guardians whose links have ended by themselves (B12)."""

from datetime import date, datetime

from notifier.postgres.pool import Pool, transaction
from notifier.postgres.queries import query
from notifier.postgres.tightening import read_share, tighten


class PostgresShares:
    """What guardians are told about children, counted in their badges."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def end_lapsed(self, day: date, age: int, limit: int, now: datetime) -> int:
        """End at most `limit` shares whose link gives nothing on that day in Stockholm; give how many."""
        async with transaction(self._pool) as held:
            rows = await held.fetch(query("find_lapsed_shares"), day, age, limit)
            await tighten(held, [read_share(row) for row in rows], now)
        return len(rows)
