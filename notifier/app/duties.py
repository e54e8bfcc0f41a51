"""What runs beside the path in the same process: endings, expiry, halts, tightenings, gauges, partitions."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from notifier.app.house import House, utc_now
from notifier.app.path import Path
from notifier.dispatch.deletions import settle_parked
from notifier.dispatch.erasures import erase
from notifier.dispatch.facts import Gauges
from notifier.dispatch.patience import obey_cancellation
from notifier.domain.faults import Unavailable
from notifier.postgres.deletions import PostgresParked, forget_answers
from notifier.postgres.erasures import PostgresGraveyard
from notifier.postgres.partitions import count_days_ahead, make_partitions
from notifier.postgres.retiring import retire_partitions
from notifier.postgres.tidings import listen
from notifier.postgres.upkeep import Upkeep

_PAGE = 500
HORIZON = timedelta(days=30)
"""How long an id stays known (A3)."""
KEPT_AFTER_TOMBSTONE = timedelta(days=30)
"""A person who comes back within it is as before (B22)."""


async def every(pause: timedelta, work: Callable[[], Awaitable[object]], house: House, part: str) -> None:
    """Do a duty again and again until cancelled; while a part is away it waits."""
    patience = house.patience(part)
    while True:
        await patience.insist(work)
        obey_cancellation()
        await asyncio.sleep(pause.total_seconds())


async def sweep(house: House, page: Callable[[datetime, int], Awaitable[int]]) -> None:
    """Do a sweeper's pages until one is not full."""
    now = house.clocks.now()
    while await page(now, _PAGE) == _PAGE:
        pass


async def obey_halts(house: House, path: Path) -> None:
    """Let lanes go of what was halted, within seconds (B28)."""
    await path.outlooks.at(house.clocks.now())
    if path.outlooks.halts:
        await path.fleet.drop_halted(path.outlooks.halts)


async def hear_tightenings(house: House, path: Path) -> None:
    """Let lanes go of what somebody may no longer get, at once (A30); the judging of each attempt is the net."""
    try:
        await listen(house.places.dsn, path.fleet.drop)
    except OSError as fault:
        raise Unavailable(f"PostgreSQL: {type(fault).__name__}") from None


async def read_gauges(house: House, path: Path) -> None:
    """State how things stand."""
    now = house.clocks.now()
    standing = await Upkeep(house.pool).read(now)
    around = await path.outlooks.at(now)
    oldest = timedelta() if standing.oldest_at is None else max(utc_now() - standing.oldest_at, timedelta())
    house.observe(
        Gauges(
            waiting=standing.waiting,
            held=standing.held,
            outbox=standing.outbox,
            quiet=standing.quiet,
            residents_complete_to=around.freshness.residents_complete_to,
            proxies_complete_to=around.freshness.proxies_complete_to,
            days_ahead=await count_days_ahead(house.pool, utc_now().date()),
            halts=len(around.halts),
            deletion_brakes=dict.fromkeys(path.fleet.lanes, 0) | dict.fromkeys(standing.braked, 1),
            oldest_waiting=oldest,
        )
    )


async def keep_partitions(house: House) -> None:
    """Make tomorrow's partitions in time (DESIGN 5)."""
    await make_partitions(house.pool, utc_now().date())


async def settle_devices(house: House) -> None:
    """Forget devices that are gone for good, and go on with brakes that people ended (R13)."""
    await settle_parked(PostgresParked(house.pool), house.contract.device_brake, house.clocks.now())


async def forget(house: House) -> None:
    """Let go of what has outlived its time (B23, A22, A24, R13)."""
    now = house.clocks.now()
    await Upkeep(house.pool).forget(house.contract.policy, now, HORIZON)
    await forget_answers(house.pool, house.contract.device_brake, now)
    await erase(PostgresGraveyard(house.pool), KEPT_AFTER_TOMBSTONE, now)
    await retire_partitions(house.pool, utc_now().date())
