"""`notifier account`: whether every record read and every delivery planned is accounted for (I12, A6)."""

from functools import partial

import msgspec

from notifier.app.reach import reach_kafka, reach_postgres
from notifier.app.terminal import say
from notifier.dispatch.accounting import draw_account
from notifier.kafka.counting import count_records
from notifier.postgres.accounting import StoredBooks
from notifier.postgres.pool import open_pool
from notifier.settings import Settings


async def run(settings: Settings) -> int:
    """Count the topics independently, compare, and say it as JSON; 1 where something differs."""
    async with open_pool(reach_postgres(settings), "notifier account") as pool:
        account = await draw_account(StoredBooks(pool), partial(count_records, reach_kafka(settings)))
    say(msgspec.json.format(msgspec.json.encode(account)).decode())
    return 0 if account.exact else 1
