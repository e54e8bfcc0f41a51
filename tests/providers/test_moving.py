"""The name of a provider is looked up anew for every connection (protocols 2.1, 2.5)."""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.house.code import ROOT
from tests.providers.frames import Act
from tests.providers.moving import NOT_ALLOWED


@pytest.mark.holds("R12")
@pytest.mark.parametrize("act", [Act.ABORT, Act.GO_AWAY])
async def test_a_provider_that_moves_is_found_by_the_next_connection(keys: Path, act: Act) -> None:
    words = (sys.executable, "-m", "tests.providers.moving", str(keys), str(act))
    child = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE, cwd=ROOT)
    try:
        async with asyncio.timeout(30):
            said, _ = await child.communicate()
    finally:
        with suppress(ProcessLookupError):
            child.kill()
    if child.returncode == NOT_ALLOWED:
        pytest.skip("this machine lets no process have a hosts file of its own")
    assert child.returncode == 0
    assert said.decode().split() == ["before", "before", "before", "after"]
