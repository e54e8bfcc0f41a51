"""Partitions past their retention: counts move to totals first, so that the account stays exact (B45)."""

from datetime import date, timedelta

from notifier.postgres.accounting import total_deliveries
from notifier.postgres.partitions import drop_partitions, list_days
from notifier.postgres.pool import Pool, transaction

KEPT = timedelta(days=90)
"""How long events, notices, deliveries and their steps can be explained (B45)."""


async def retire_partitions(pool: Pool, today: date) -> int:
    """Drop the days before the retention, their deliveries totalled; give how many partitions went."""
    before = today - KEPT
    days = [day for day in await list_days(pool, "delivery") if day < before]
    if not days:
        return 0
    async with transaction(pool) as held:
        await total_deliveries(held, days)
    return len(await drop_partitions(pool, before))
