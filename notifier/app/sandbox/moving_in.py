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
from notifier.sandbox import Person, write_devices, write_preferences, write_regions
from notifier.wire.device_lines import DeviceReader
from notifier.wire.imports import read_region
from notifier.wire.preference_lines import PreferenceReader

Entry = TypeVar("Entry")


async def move_in(house: House, people: Sequence[Person]) -> None:
    """Import regions, phones and switches as a take-over would; what is there already stays."""
    keyring = house.keyring
    registrations = Registrations(
        PostgresRegister(house.pool, keyring.pseudonymiser.key_id), keyring.devices, os.urandom
    )
    regions = (schemas_folder(house.settings) / "regions.jsonl").read_bytes().splitlines()
    now = house.clocks.now()
    await _take(write_regions(regions), read_region, partial(put_regions, house.pool))
    await _take(
        write_devices(people),
        DeviceReader(keyring.pseudonymiser, house.settings.apns.topic),
        partial(registrations.put_devices, now=now),
    )
    await _take(
        write_preferences(people),
        PreferenceReader(keyring.pseudonymiser),
        partial(registrations.put_preferences, now=now),
    )


async def _take(
    lines: Iterable[bytes], read: Callable[[bytes], Entry], store: Callable[[Sequence[Entry]], Awaitable[int]]
) -> None:
    result = await import_lines(lines, read, store, progress=lambda _lines: None)
    if isinstance(result, Refused):
        raise Misconfigured(*(f"Made-up line {fault.line}: {fault.sentence}." for fault in result.faults))
