"""One pair of simulators for the session, and a server that misbehaves frame by frame for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from notifier.simulators.credentials import make_credentials
from tests.providers.frames import Frames, serving_frames
from tests.simulators.child import Child, running


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lend a folder with `apns.p8` and `fcm.json`."""
    folder = tmp_path_factory.mktemp("keys")
    make_credentials(folder, "http://127.0.0.1:9/token")
    return folder


@pytest.fixture(scope="session")
async def house(keys: Path) -> AsyncIterator[Child]:
    """Run both providers for the session, with strict credentials."""
    flags = [
        "both",
        "--control-port",
        "0",
        "--key-id",
        "SIMULATED1",
        "--team-id",
        "SIMULATEAM",
        "--topic",
        "se.1177.app",
    ]
    flags += ["--apns-key", str(keys / "apns.p8"), "--service-account", str(keys / "fcm.json")]
    async with running(*flags) as child:
        make_credentials(keys, f"{child.fcm}/token")
        yield child


@pytest.fixture
async def providers(house: Child) -> Child:
    """Lend the simulators, which remember nothing."""
    await house.reset()
    return house


@pytest.fixture
async def frames() -> AsyncIterator[Frames]:
    """Lend a server that does what it is told with each request."""
    async with serving_frames() as server:
        yield server
