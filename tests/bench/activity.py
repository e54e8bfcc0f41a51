"""What notifier's sessions in PostgreSQL are at, looked at fifty times a second: which statement, waiting for what."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench.stage import Stage

_LOOK_SECONDS = 0.02
_WIDTH = 90
_MOST = 50
_SESSIONS = """
select state, coalesce(wait_event_type || ':' || wait_event, 'on the CPU') wait, query
  from pg_stat_activity
 where application_name = 'notifier' and state <> 'idle'
"""


@asynccontextmanager
async def watching_sessions(stage: Stage, profile: Path | None) -> AsyncIterator[None]:
    """Look for the block, and add what was seen to the profile; nothing without one."""
    if profile is None:
        yield
        return
    seen: Counter[tuple[str, str]] = Counter()
    watch = asyncio.create_task(_watch(stage, seen))
    try:
        yield
    finally:
        watch.cancel()
        with profile.open("a") as file:
            file.write(_write(seen))


async def _watch(stage: Stage, seen: Counter[tuple[str, str]]) -> None:
    while True:
        for row in await stage.pool.fetch(_SESSIONS):
            # Between statements the session waits for us: the query is the one before.
            wait = row["wait"] if row["state"] == "active" else f"us, {row['state']}, after"
            seen[wait, " ".join(row["query"].split())[:_WIDTH]] += 1
        await asyncio.sleep(_LOOK_SECONDS)


def _write(seen: Counter[tuple[str, str]]) -> str:
    total = max(seen.total(), 1)
    waits: Counter[str] = Counter()
    for (wait, _), count in seen.items():
        waits[wait] += count
    rows = [f"{count / total:7.1%}  {wait}" for wait, count in waits.most_common()]
    rows += ["", *(f"{count / total:7.1%}  {wait:32} {query}" for (wait, query), count in seen.most_common(_MOST))]
    return "\n".join(("", f"sessions of PostgreSQL, {total} looks at one that was not idle:", *rows, ""))
