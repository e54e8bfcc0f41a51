"""The stop button (B28, A37)."""

import re
from typing import TypedDict, Unpack

from notifier.app.reach import reach_postgres
from notifier.app.schemas import read_files
from notifier.app.terminal import say
from notifier.app.texts import require_texts
from notifier.domain.faults import Misconfigured
from notifier.domain.halts import Halt
from notifier.postgres.halts import BOTH_WITHIN, name_scope, put_halt, read_halts, resume
from notifier.postgres.pool import Pool, open_pool
from notifier.settings import Settings
from notifier.wire.catalogue import load_catalogue

_REGION = re.compile(r"[0-9]{2}")
_MINUTES = int(BOTH_WITHIN.total_seconds() // 60)


class Scope(TypedDict):
    """What to halt or resume, as it was typed."""

    channel: str
    region: str | None
    type: str | None
    source: str | None


async def run_halt(settings: Settings, *, operator: str, reason: str, **typed: Unpack[Scope]) -> int:
    """Halt at once; one person is enough."""
    scope = Halt(**typed)
    _require_scope(settings, scope)
    require_texts(operator=operator, reason=reason, source=scope.source)
    async with open_pool(reach_postgres(settings), "notifier halt") as pool:
        await put_halt(pool, scope, operator.strip(), reason)
    say(f"Halted: {name_scope(scope)}. What it stops is held; two people resume it.")
    return 0


async def run_resume(settings: Settings, *, operator: str, reason: str | None, **typed: Unpack[Scope]) -> int:
    """Resume what somebody else asked to resume lately, or ask; 1 where nothing like it is halted."""
    scope = Halt(**typed)
    require_texts(operator=operator, reason=reason, source=scope.source)
    async with open_pool(reach_postgres(settings), "notifier resume") as pool:
        came = await resume(pool, scope, operator.strip(), reason)
        if not came.resumed and not came.asked:
            return await _say_what_is_halted(pool, scope)
    if came.asked:
        say(f"Asked to resume: {name_scope(scope)}. Somebody else must call the same within {_MINUTES} minutes.")
    else:
        say(f"Resumed: {name_scope(scope)}. What was held is judged anew.")
    return 0


async def _say_what_is_halted(pool: Pool, scope: Halt) -> int:
    halts = [name_scope(halt) for halt in await read_halts(pool)]
    say(f"Not halted: {name_scope(scope)}. In force: {'; '.join(halts) or 'nothing'}.")
    return 1


def _require_scope(settings: Settings, scope: Halt) -> None:
    """Refuse a halt that would stop nothing, or a mistyped one would calm whoever pressed the button."""
    faults = []
    if scope.region is not None and not _REGION.fullmatch(scope.region):
        faults.append("--region: is not two digits; give the region's code, e.g. 01.")
    if scope.type is not None and scope.type not in load_catalogue(read_files(settings)).types:
        faults.append("--type: is not in the catalogue; give the whole name, e.g. se.1177.booking.created.v1.")
    if faults:
        raise Misconfigured(*faults)
