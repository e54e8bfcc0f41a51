"""Making Java's ahead-of-time cache: a throw-away broker shows Java what a start needs."""

import os
import shutil
from datetime import timedelta
from pathlib import Path
from signal import SIGTERM

from notifier.domain.faults import Misconfigured
from notifier.embedded.broker import READY, START_LIMIT, broker_program, format_data, make_broker
from notifier.embedded.children import complete, start_until
from notifier.embedded.jvm import Java
from notifier.embedded.locks import AT_ONCE, take
from notifier.embedded.programs import Program
from notifier.embedded.progress import Progress, say_nothing

# Java writes down what it saw while it ends: 2.5 s on an idle machine.
RECORD_LIMIT = timedelta(seconds=60)


async def train(java: Java, progress: Progress = say_nothing) -> None:
    """Make the cache if there is none (7 s, once per machine); never a reason not to start.

    Where another run is making it, this one goes on without. An empty file says that it could not be made here.
    """
    if java.archive.exists():
        return
    home = java.archive.with_suffix(".training")
    try:
        lock = take(java.archive.with_suffix(".lock"), AT_ONCE, "Another run trains Java.")
    except Misconfigured:
        return
    try:
        shutil.rmtree(home, ignore_errors=True)
        progress("Kafka: Java learns to start it quickly, once (about 7 s)")
        await _train(java, home)
    except Misconfigured:
        java.archive.touch()
    finally:
        shutil.rmtree(home, ignore_errors=True)
        os.close(lock)


async def _train(java: Java, home: Path) -> None:
    broker = make_broker(home)
    await format_data(java, broker, ())
    recording = f"-XX:AOTConfiguration={home}/recording"
    child = await start_until(broker_program(java, broker, ("-XX:AOTMode=record", recording)), READY, START_LIMIT)
    await child.stop(SIGTERM, RECORD_LIMIT)
    made = home / "archive"
    options = ("-XX:AOTMode=create", recording, f"-XX:AOTCache={made}")
    await complete(Program(name="create", command=java.command(home, options=options), home=home), RECORD_LIMIT)
    made.rename(java.archive)
