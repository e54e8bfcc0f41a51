"""`notifier run`."""

from collections.abc import Sequence

from notifier.app.house import House
from notifier.app.serving import ROLES, Options, run_until_stopped
from notifier.app.terminal import say
from notifier.settings import Settings


async def run(settings: Settings, *, roles: Sequence[str] | None = None, start: str | None = None) -> int:
    """Run the roles until SIGTERM or SIGINT; drained, it ends with 0."""
    await run_until_stopped(
        settings, Options(roles=tuple(roles or ROLES), from_earliest=start == "earliest"), _tell_ready
    )
    return 0


def _tell_ready(house: House) -> None:
    http = house.settings.http
    say(f"ready http://{http.internal_host}:{http.internal_port}/readyz")
