"""Simulators of each kind for the session, with made-up credentials and a journal; each test finds them forgetful."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from notifier.simulators.credentials import make_credentials
from tests.simulators.child import Child, client, running
from tests.simulators.framing import FAST, FRAMES, Framing
from tests.simulators.pushing import Pushing
from tests.simulators.signing import read_ec_key

TOPIC = "se.inera.test.app"


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lend a folder with `apns.p8`, `fcm.json` and, later, `journal`."""
    folder = tmp_path_factory.mktemp("made-up")
    make_credentials(folder, "http://127.0.0.1/token")
    return folder


@pytest.fixture(scope="session")
async def simulators(made_up: Path, request: pytest.FixtureRequest) -> AsyncIterator[Child]:
    """Run both providers for the session, over the fast server if a test does not ask for the other one."""
    flags = ["both", "--control-port", "0", "--key-id", "SIMULATED1", "--team-id", "SIMULATEAM", "--topic", TOPIC]
    flags += ["--apns-key", str(made_up / "apns.p8"), "--service-account", str(made_up / "fcm.json")]
    flags += ["--frames"] if getattr(request, "param", FAST) == FRAMES else []
    async with running(*flags, "--journal", str(made_up / "journal")) as child:
        yield child


@pytest.fixture
async def pushing(simulators: Child, made_up: Path) -> AsyncIterator[Pushing]:
    """Lend a sender with one fresh connection, to simulators that remember nothing."""
    await simulators.reset()
    async with client() as http:
        yield Pushing(simulators, http, read_ec_key(made_up / "apns.p8"), made_up)


@pytest.fixture
async def framing(pushing: Pushing) -> AsyncIterator[Framing]:
    """Lend orders about frames, which are as they should be before and after the test."""
    framing = Framing(pushing)
    await framing.forget()
    yield framing
    await framing.forget()
