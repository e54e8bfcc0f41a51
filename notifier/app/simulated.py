"""The simulated providers, as a child of ours."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from signal import SIGTERM

import msgspec

from notifier.embedded.children import Child, start_until
from notifier.embedded.ports import HOST, choose_port
from notifier.embedded.programs import Program
from notifier.simulators.credentials import KEY_ID, TEAM_ID, make_credentials

_START_LIMIT = timedelta(seconds=30)
_STOP_LIMIT = timedelta(seconds=5)


class Simulated(msgspec.Struct, frozen=True, kw_only=True):
    """The simulators that run, with the credentials they know."""

    push: str
    control: str
    log: Path
    apns_key: Path
    service_account: Path
    key_id: str
    team_id: str
    child: Child


@asynccontextmanager
async def run_simulators(home: Path, *flags: str) -> AsyncIterator[Simulated]:
    """Run both simulators as one child for the block."""
    push, control = choose_port(None), choose_port(None)
    push_url = f"http://{HOST}:{push}"
    apns_key, service_account = make_credentials(home / "credentials", f"{push_url}/token")
    program = Program(
        name="simulators",
        home=home,
        command=(
            *(sys.executable, "-m", "notifier.simulators", "both", "--port", str(push), "--control-port", str(control)),
            *("--apns-key", str(apns_key), "--service-account", str(service_account), *flags),
        ),
    )
    child = await start_until(program, "ready ", _START_LIMIT)
    try:
        yield Simulated(
            push=push_url,
            control=f"http://{HOST}:{control}",
            log=program.log,
            apns_key=apns_key,
            service_account=service_account,
            key_id=KEY_ID,
            team_id=TEAM_ID,
            child=child,
        )
    finally:
        await child.stop(SIGTERM, _STOP_LIMIT)
