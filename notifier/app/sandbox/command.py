"""`notifier sandbox`: everything on this machine, with made-up people, until Ctrl-C (R43, R45, A36)."""

import asyncio
import signal
from contextlib import AsyncExitStack

from notifier.app.places import open_places, whereabouts_of
from notifier.app.sandbox.liveliness import outlive_nobody
from notifier.app.sandbox.stage import play
from notifier.app.sandbox.tuning import require_embedded, require_ports, tune
from notifier.app.stopping import stop_on
from notifier.app.terminal import Meanwhile, say
from notifier.app.whereabouts import announce
from notifier.settings import Settings


async def run(settings: Settings) -> int:
    """Start everything, fill it, show what happens; nothing is left running when it ends."""
    require_embedded(settings)
    require_ports(settings)
    say("Starting Kafka, PostgreSQL, simulated phones and notifier.")
    stop = stop_on(signal.SIGHUP)  # which comes when the terminal is closed
    main = asyncio.create_task(_run(tune(settings)))
    watch = asyncio.create_task(outlive_nobody(stop))
    halt = asyncio.create_task(stop.wait())
    await asyncio.wait([main, halt], return_when=asyncio.FIRST_COMPLETED)
    if not main.done():
        say("Stopping.")
        main.cancel()
    await asyncio.gather(main, return_exceptions=True)
    watch.cancel()
    halt.cancel()
    if not main.cancelled():
        main.result()
    return 0


async def _run(settings: Settings) -> None:
    async with AsyncExitStack() as stack:
        places = await stack.enter_async_context(open_places(settings, Meanwhile()))
        if places.state is not None:
            stack.enter_context(announce(places.state, whereabouts_of(places)))
        await play(settings, places)
