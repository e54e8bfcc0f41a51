import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from notifier.embedded import open_state, run_kafka, run_postgres
from notifier.embedded.locks import hold

from .processes import is_alive, users_of

pytestmark = pytest.mark.holds("R43")

BOTH = """
import asyncio, sys
from pathlib import Path
from notifier.embedded import open_state, run_kafka, run_postgres

async def main():
    with open_state(Path(sys.argv[1])) as state:
        async with run_postgres(state) as postgres, run_kafka(state) as kafka:
            print(postgres.pid, kafka.pid, flush=True)
            await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_nothing_outlives_a_parent_that_is_killed_and_the_next_run_starts_at_once(folder: Path) -> None:
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", BOTH, folder, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout
    pids = [int(word) for word in (await parent.stdout.readline()).split()]
    assert [is_alive(pid) for pid in pids] == [True, True]
    parent.kill()
    await parent.wait()
    for name in ("postgres", "kafka"):
        with hold(folder / name / f"{name}.lock", timedelta(seconds=2), f"{name} is still there"):
            pass
    assert [is_alive(pid) for pid in pids] == [False, False]
    assert users_of(folder) == []
    with open_state(folder) as state:
        async with run_postgres(state), run_kafka(state):
            pass
