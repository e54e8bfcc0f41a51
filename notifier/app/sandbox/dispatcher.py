"""`notifier sandboxed TERMS`: notifier itself, as a part of the sandbox that can be killed and comes back."""

from pathlib import Path
from typing import Any

import msgspec

from notifier.app.house import House, open_house
from notifier.app.places import Places
from notifier.app.sandbox.clock import MovedClock
from notifier.app.serving import Options, serve
from notifier.app.stopping import stop_on
from notifier.app.terminal import say
from notifier.postgres.offsets import Offsets
from notifier.settings import Settings

READY = "dispatcher is ready"


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What the process is told."""

    settings: dict[str, Any]
    places: Places


def write_terms(path: Path, settings: Settings, places: Places) -> None:
    """Write the terms; they hold no secret, for a sandbox has only embedded parts (A36)."""
    bare = msgspec.structs.replace(places, kafka=None, postgres=None, simulators=None)
    terms = Terms(settings=settings.model_dump(mode="json"), places=bare)
    path.write_bytes(msgspec.json.encode(terms, enc_hook=str))


def read_terms(path: Path) -> tuple[Settings, Places]:
    """Read them back."""
    terms = msgspec.json.decode(path.read_bytes(), type=Terms, dec_hook=lambda kind, value: kind(value))
    return Settings(**terms.settings), terms.places


async def run(_config: Path | None, *, terms: Path) -> int:
    """Serve until SIGTERM or SIGINT, under the terms that the sandbox wrote."""
    settings, places = read_terms(terms)
    clock = MovedClock(terms.parent)
    async with open_house(settings, places, now=clock.now) as house:
        fresh = await Offsets(house.pool).position(house.topic("events"), 0) is None
        await serve(house, Options(from_earliest=fresh), stop_on(), _tell_ready)
    return 0


def _tell_ready(_house: House) -> None:
    say(READY)
