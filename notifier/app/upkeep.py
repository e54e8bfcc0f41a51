"""`notifier upkeep`: what otherwise happens by itself, once and at once, with a count of what had drifted."""

from notifier.app.duties import HORIZON
from notifier.app.house import utc_now
from notifier.app.reach import reach_postgres
from notifier.app.schemas import read_files
from notifier.app.terminal import say
from notifier.dispatch.deletions import settle_parked
from notifier.postgres.deletions import PostgresParked, forget_answers
from notifier.postgres.partitions import make_partitions
from notifier.postgres.pool import open_pool
from notifier.postgres.retiring import retire_partitions
from notifier.postgres.upkeep import Upkeep
from notifier.settings import Settings
from notifier.wire.policy import load_policy


async def run(settings: Settings) -> int:
    """Recount badges and mend what drifted, make and retire partitions, forget what is past its time; 1 on drift."""
    national, now = load_policy(read_files(settings)), utc_now()
    async with open_pool(reach_postgres(settings), "notifier upkeep") as pool:
        upkeep = Upkeep(pool)
        drifted = await upkeep.recount_badges(mend=True)
        await make_partitions(pool, now.date())
        retired = await retire_partitions(pool, now.date())
        await upkeep.forget(national.policy, now, HORIZON)
        await settle_parked(PostgresParked(pool), national.device_brake, now)
        await forget_answers(pool, national.device_brake, now)
    say(f"{drifted} badges had drifted and were mended; {retired} partitions were retired.")
    return 1 if drifted else 0
