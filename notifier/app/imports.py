"""`notifier import regions|devices|preferences FILE`: taking over from JSON lines (DESIGN 8)."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from notifier.app.entropy import Entropy
from notifier.app.house import House, open_house
from notifier.app.places import find_places
from notifier.app.terminal import say
from notifier.dispatch.imports import Imported, Refused, import_lines
from notifier.dispatch.registrations import Registrations
from notifier.domain.faults import Misconfigured
from notifier.postgres.imports import PostgresRegister, put_regions
from notifier.settings import Settings
from notifier.wire.device_lines import DeviceReader
from notifier.wire.imports import read_region
from notifier.wire.preference_lines import PreferenceReader

_TOLD_EVERY = 100_000
Reader = Callable[[bytes], Any]
Store = Callable[[Sequence[Any]], Awaitable[int]]


async def run(settings: Settings, *, kind: str, file: Path) -> int:
    """Import a file; 1 where a line is refused: the batches before it are in, nothing of its own is."""
    async with open_house(settings, find_places(settings), prepare=False) as house:
        read, store = _choose(house, kind)
        try:
            with file.open("rb") as lines:
                result = await import_lines(lines, read, store, _tell_progress)
        except OSError as error:
            raise Misconfigured(f"{file}: cannot be read ({error.strerror}).") from None
    return _tell(result, file)


def _choose(house: House, kind: str) -> tuple[Reader, Store]:
    """Give what reads a line of this kind and what stores them."""
    keyring = house.keyring
    register = PostgresRegister(house.pool, keyring.pseudonymiser.key_id)
    registrations = Registrations(register, keyring.devices, Entropy())
    now = house.clocks.now()
    match kind:
        case "regions":
            return read_region, partial(put_regions, house.pool)
        case "devices":
            reader = DeviceReader(keyring.pseudonymiser, house.settings.apns.topic)
            return reader, partial(registrations.put_devices, now=now, proven=True)
        case _:
            return PreferenceReader(keyring.pseudonymiser), partial(registrations.put_preferences, now=now)


def _tell_progress(lines: int) -> None:
    if lines % _TOLD_EVERY == 0:
        say(f"{lines} lines are in.")


def _tell(result: Imported | Refused, file: Path) -> int:
    if isinstance(result, Imported):
        say(f"{file}: {result.lines} lines are in, {result.changed} rows changed.")
        return 0
    for fault in result.faults:
        say(f"{file}, line {fault.line}: {fault.sentence}.")
    say(f"{file}: {result.stored_lines} lines are in; correct the others and import the file again.")
    return 1
