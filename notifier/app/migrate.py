"""Bringing the database up to date."""

from datetime import UTC, datetime

from notifier.app.reach import reach_postgres
from notifier.app.schemas import read_migrations
from notifier.app.terminal import say
from notifier.postgres.migrations import migrate
from notifier.postgres.partitions import DAYS_AHEAD, make_partitions
from notifier.postgres.pool import open_pool
from notifier.settings import Settings


async def run(settings: Settings) -> int:
    """Apply the migrations that are missing and make the partitions of the coming days."""
    files = read_migrations(settings)
    async with open_pool(reach_postgres(settings), "notifier migrate") as pool:
        applied = await migrate(pool, files)
        await make_partitions(pool, datetime.now(UTC).date())
    for name in applied:
        say(f"applied {name}")
    say(f"The database is up to date, with partitions for {DAYS_AHEAD} days.")
    return 0
