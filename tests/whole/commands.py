"""Commands of operators, as the processes that they are."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT

from tests.whole.trial import Trial

_LIMIT_SECONDS = 30


async def command(trial: Trial, *words: str, **settings: str) -> tuple[int, str]:
    """Run `notifier` with these words beside the service; give its exit code and all that it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "notifier", *words), stdout=PIPE, stderr=STDOUT,
        env={"PATH": os.defpath, "PYTHONUTF8": "1", **trial.environment(**settings)},
    )  # fmt: skip
    async with asyncio.timeout(_LIMIT_SECONDS):
        said, _ = await process.communicate()
    return process.returncode or 0, said.decode()
