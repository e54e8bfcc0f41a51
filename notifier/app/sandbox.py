"""`notifier sandbox`: everything on this machine, with made-up people, until Ctrl-C (R43, A36)."""

import asyncio
import signal
from contextlib import AsyncExitStack

from notifier.app.house import House, open_house
from notifier.app.places import open_places, whereabouts_of
from notifier.app.scene import play
from notifier.app.serving import Options, serve
from notifier.app.terminal import say
from notifier.app.whereabouts import announce
from notifier.domain.faults import Misconfigured
from notifier.postgres.offsets import Offsets
from notifier.settings import Settings


async def run(settings: Settings) -> int:
    """Start everything, fill it, show what happens; nothing is left running when it ends."""
    _require_embedded(settings)
    say("Starting Kafka, PostgreSQL and simulated phones; the first time on a machine it downloads 44 MB.")
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        places = await stack.enter_async_context(open_places(settings))
        if places.state is not None:
            stack.enter_context(announce(places.state, whereabouts_of(places)))
        house = await stack.enter_async_context(open_house(_hush(settings), places))
        await _serve(house, stop)
        say("Stopping.")
    return 0


async def _serve(house: House, stop: asyncio.Event) -> None:
    """Serve and play side by side; whichever fails ends both."""
    ready = asyncio.Event()
    fresh = await Offsets(house.pool).position(house.topic("events"), 0) is None
    async with asyncio.TaskGroup() as group:
        scene = group.create_task(play(house, ready))
        await serve(house, Options(from_earliest=fresh), stop, lambda _house: ready.set())
        scene.cancel()


def _hush(settings: Settings) -> Settings:
    """Leave the terminal to the phones: what the log would say beside them begins with warnings."""
    if settings.telemetry.level != "info":
        return settings
    return settings.model_copy(update={"telemetry": settings.telemetry.model_copy(update={"level": "warning"})})


def _require_embedded(settings: Settings) -> None:
    """Refuse every part that is not our own: made-up people belong nowhere else (A36, B42)."""
    addresses = {
        "KAFKA__BOOTSTRAP": settings.kafka.bootstrap,
        "POSTGRES__DSN": settings.postgres.dsn,
        "APNS__URL": settings.apns.url,
        "APNS__SANDBOX_URL": settings.apns.sandbox_url,
        "FCM__URL": settings.fcm.url,
    }
    faults = [
        f"NOTIFIER_{name}: is set, but made-up people belong in our own parts only; unset it, or use `notifier run`."
        for name, address in addresses.items()
        if address is not None
    ]
    if faults:
        raise Misconfigured(*faults)
