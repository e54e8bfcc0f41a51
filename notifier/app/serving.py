"""`notifier run`: the roles of a process, from its start to a clean end."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import timedelta
from functools import partial

import msgspec

from notifier.app import duties
from notifier.app.crashes import make_reach
from notifier.app.house import House, open_house
from notifier.app.lanes import open_courier
from notifier.app.memory import settle_memory
from notifier.app.path import Path, build_path
from notifier.app.places import open_places, whereabouts_of
from notifier.app.reach import make_cluster
from notifier.app.reading import readers, relay
from notifier.app.standing import Standing
from notifier.app.stopping import stop_on
from notifier.app.tasks import Work, feeding, running, upkeep
from notifier.app.topics import prepare_topics
from notifier.app.whereabouts import announce
from notifier.http import serve_internal
from notifier.kafka.connections import Cluster
from notifier.kafka.pulse import follow_pulse
from notifier.settings import Settings

ROLES = ("dispatch", "upkeep")
"""The roles that exist; fallback, api and broadcast come with their issues."""
_GAUGES_EVERY = timedelta(seconds=5)


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How this process is to run."""

    roles: tuple[str, ...] = ROLES
    from_earliest: bool = False


async def run_until_stopped(settings: Settings, options: Options, ready: Callable[[House], None]) -> None:
    """Run until SIGTERM or SIGINT, then drain; raises Misconfigured where the process must not run."""
    stop = stop_on()
    async with AsyncExitStack() as stack:
        places = await stack.enter_async_context(open_places(settings))
        if places.state is not None:
            stack.enter_context(announce(places.state, whereabouts_of(places)))
        house = await stack.enter_async_context(open_house(settings, places))
        await serve(house, options, stop, ready)


async def serve(house: House, options: Options, stop: asyncio.Event, ready: Callable[[House], None]) -> None:
    """Run the roles in an open house until `stop`."""
    cluster = make_cluster(house.settings, house.places.bootstrap)
    await prepare_topics(house, cluster, from_earliest=options.from_earliest)
    reach = make_reach(house.settings.test.die_at)
    async with AsyncExitStack() as stack:
        standing = Standing(house.observe)
        courier = await stack.enter_async_context(open_courier(house, standing))
        path = build_path(house, dict.fromkeys(courier.lanes, courier), reach)
        for name, lane in path.fleet.lanes.items():
            house.telemetry.watch(name, partial(getattr, lane, "held"))
        await stack.enter_async_context(_listen(house, path, standing))
        reading, beside = _choose(house, path, cluster, options, stop, reach)
        await stack.enter_async_context(running(house, path, reading, [*beside, courier.watch()], stop))
        settle_memory()
        ready(house)
        await stop.wait()


def _choose(
    house: House, path: Path, cluster: Cluster, options: Options, stop: asyncio.Event, reach: Callable[[str], None]
) -> tuple[list[Work], list[Work]]:
    """Give what the roles read, and what they do beside it."""
    dispatches = "dispatch" in options.roles
    gauges = duties.every(_GAUGES_EVERY, partial(duties.read_gauges, house, path), house, "gauges")
    pulse = duties.every(_GAUGES_EVERY, partial(follow_pulse, cluster, house.readiness.hear_kafka), house, "kafka")
    beside = [gauges, pulse, relay(house, cluster, reach)]
    beside += feeding(house, path) if dispatches else []
    beside += upkeep(house, path) if "upkeep" in options.roles else []
    return (readers(house, path, cluster, stop, reach) if dispatches else []), beside


def _listen(house: House, path: Path, standing: Standing) -> AbstractAsyncContextManager[int]:
    """Serve what operators ask."""
    http = house.settings.http
    return serve_internal(
        http.internal_host,
        http.internal_port,
        parts=house.readiness.parts(),
        metrics=house.telemetry.render,
        notes=lambda: {
            "halts": [msgspec.to_builtins(halt) for halt in path.outlooks.halts],
            "lanes": standing.describe(),
        },
    )
