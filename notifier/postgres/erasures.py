"""Erasing persons and links a month after their tombstone (B22)."""

from datetime import datetime

from notifier.postgres.pool import Pool, transaction
from notifier.postgres.queries import query

_WITH_THEM = ("erase_devices", "erase_preferences", "erase_identity_links", "erase_people")


class PostgresGraveyard:
    """Rows that a tombstone ended."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def erase_people(self, before: datetime, limit: int) -> int:
        """Erase at most `limit` persons who went before that instant, with devices and settings; give how many."""
        async with transaction(self._pool) as held:
            people = [row["id"] for row in await held.fetch(query("resident_tombstones"), before, limit)]
            if people:
                for name in _WITH_THEM:
                    await held.execute(query(name), people)
        return len(people)

    async def erase_links(self, before: datetime, limit: int) -> int:
        """Erase at most `limit` links that ended before that instant; give how many."""
        async with transaction(self._pool) as held:
            return len(await held.fetch(query("erase_proxies"), before, limit))
