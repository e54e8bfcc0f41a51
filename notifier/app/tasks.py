"""The tasks of a process, each with an owner, and their orderly end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

from notifier.app import duties
from notifier.app.house import House
from notifier.app.path import Path
from notifier.dispatch.link_endings import end_lapsed
from notifier.postgres.shares import PostgresShares

Work = Coroutine[Any, Any, None]
_SECOND = timedelta(seconds=1)


@asynccontextmanager
async def running(
    house: House, path: Path, readers: list[Work], background: list[Work], stop: asyncio.Event
) -> AsyncIterator[None]:
    """Run for the block; at its end intake stops first, then the lanes, then what must be stored (drain)."""
    reading = [asyncio.create_task(one) for one in readers]
    beside = [asyncio.create_task(one) for one in background]
    lanes, recorder = asyncio.create_task(path.fleet.run()), asyncio.create_task(path.recorder.run())
    watch = asyncio.create_task(_watch([*reading, *beside, lanes, recorder], stop))
    try:
        yield
    finally:
        stop.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(house.settings.sender.drain.total_seconds()):
                await _drain(path, reading, beside, lanes, recorder)
        await _cancel([*reading, *beside, lanes, recorder])
        await watch


async def _drain(
    path: Path,
    reading: list[asyncio.Task[None]],
    beside: list[asyncio.Task[None]],
    lanes: asyncio.Task[None],
    recorder: asyncio.Task[None],
) -> None:
    """Let what is in hand end: batches, then attempts, then their settlements."""
    if reading:
        await asyncio.wait(reading)
    await _cancel(beside)
    await path.fleet.close()
    await asyncio.wait([lanes])
    path.recorder.close()
    await asyncio.wait([recorder])


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _watch(tasks: list[asyncio.Task[None]], stop: asyncio.Event) -> None:
    """End the process when a part of it ends by itself, and say with what."""
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    stop.set()
    for task in done - {stopping}:
        if not task.cancelled() and (fault := task.exception()) is not None:
            raise fault


def feeding(house: House, path: Path) -> list[Work]:
    """What moves what waits: feeder, held events, silent work, halts, tightenings."""
    return [
        path.feeder.run(),
        path.rejudger.run(),
        *(one.run() for one in path.quiet),
        duties.every(_SECOND, partial(duties.obey_halts, house, path), house, "halts"),
        duties.every(_SECOND, partial(duties.hear_tightenings, house, path), house, "tidings"),
    ]


def upkeep(house: House, path: Path) -> list[Work]:
    """What looks after the house."""
    ages = min(entry.proxy_max_age for entry in house.contract.catalogue.types.values())
    shares = PostgresShares(house.pool)
    work: list[tuple[int, Callable[[], Awaitable[object]], str]] = [
        (2, partial(duties.sweep, house, path.holdings.end_due), "endings"),
        (30, partial(duties.sweep, house, path.waiting.expire), "expiry"),
        (5, partial(duties.sweep, house, path.mendings.mend_abandoned), "mending"),
        (10, partial(duties.settle_devices, house), "devices"),
        (20, lambda: end_lapsed(shares, ages, house.clocks.now()), "links"),
        (3600, partial(duties.keep_partitions, house), "partitions"),
        (600, partial(duties.forget, house), "forgetting"),
    ]
    return [duties.every(timedelta(seconds=seconds), duty, house, part) for seconds, duty, part in work]
