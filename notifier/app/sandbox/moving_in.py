"""Made-up people get what the app would give them: regions, phones, switches (DESIGN 8)."""

import os
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

from notifier.app.house import House
from notifier.app.schemas import schemas_folder
from notifier.dispatch.imports import Refused, import_lines
from notifier.dispatch.registrations import Registrations
from notifier.domain.faults import Misconfigured
from notifier.postgres.imports import PostgresRegister, put_regions
from notifier.sandbox import Handset, Person, write_first_devices, write_preferences, write_regions
from notifier.wire.device_lines import DeviceReader
from notifier.wire.imports import read_region
from notifier.wire.preference_lines import PreferenceReader

Entry = TypeVar("Entry")


async def move_in(house: House, people: Sequence[Person], handsets: Iterable[Handset]) -> None:
    """Import regions, phones and switches as a take-over would; what is there already stays."""
    regions = (schemas_folder(house.settings) / "regions.jsonl").read_bytes().splitlines()
    await _take(write_regions(regions), read_region, partial(put_regions, house.pool))
    await register(house, write_first_devices(handsets, house.clocks.wall()), proven=True)
    await _take(
        write_preferences(people),
        PreferenceReader(house.keyring.pseudonymiser),
        partial(_registrations(house).put_preferences, now=house.clocks.now()),
    )


async def register(house: House, lines: Iterable[bytes], *, proven: bool = False) -> None:
    """Register phones of import lines, as new ones or as `proven` ones that are taken over (R17)."""
    await _take(
        lines,
        DeviceReader(house.keyring.pseudonymiser, house.settings.apns.topic),
        partial(_registrations(house).put_devices, now=house.clocks.now(), proven=proven),
    )


def _registrations(house: House) -> Registrations:
    keyring = house.keyring
    return Registrations(PostgresRegister(house.pool, keyring.pseudonymiser.key_id), keyring.devices, os.urandom)


async def _take(
    lines: Iterable[bytes], read: Callable[[bytes], Entry], store: Callable[[Sequence[Entry]], Awaitable[int]]
) -> None:
    result = await import_lines(lines, read, store, progress=lambda _lines: None)
    if isinstance(result, Refused):
        raise Misconfigured(*(f"Made-up line {fault.line}: {fault.sentence}." for fault in result.faults))
