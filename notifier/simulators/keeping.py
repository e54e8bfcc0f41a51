"""Phones that survive a restart: a file with the newest of them, and what their providers know of them."""

import asyncio
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import msgspec

from notifier.simulators.away import Shelf
from notifier.simulators.faults import Provider, TokenFault
from notifier.simulators.files import write_private
from notifier.simulators.phones import Phone
from notifier.simulators.population import Phones
from notifier.simulators.pushes import Pushes

MOST_KEPT = 1_000
WRITE_EACH_SECONDS = 1.0


class KeptPhone(msgspec.Struct, frozen=True, kw_only=True):
    """One phone, what waits for it if it is away, and the state of its token if that is not ok."""

    phone: Phone
    shelf: Shelf | None = None
    fault: TokenFault | None = None


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The file: the phones in the order of their last change, and the last serial, so that none is given twice."""

    last_serial: int
    phones: list[KeptPhone]


class Keeper:
    """Writes phones to a file, and reads them from it."""

    def __init__(self, path: Path, phones: Phones, pushes: Pushes) -> None:
        """Keep these phones at `path`."""
        self._path, self._phones, self._pushes = path, phones, pushes
        self._providers: Mapping[str, Provider] = {}
        self._written: int | None = None

    def restore(self, providers: Mapping[str, Provider]) -> None:
        """Bring back what was kept, also at the providers; ValueError if the file cannot be read, none is no fault."""
        self._providers = providers
        if not self._path.exists():
            return
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=Kept)
        except msgspec.DecodeError as fault:
            raise ValueError(f"the phones kept in {self._path} cannot be read ({fault}); remove the file") from None
        self._pushes.last_serial = kept.last_serial
        for one in kept.phones:
            self._phones.restore(one.phone, one.shelf)
            provider = providers.get(one.phone.provider)
            if provider is not None and one.fault is not None:
                provider.set_fault(one.phone.token, one.fault)

    def write_if_changed(self) -> None:
        """Replace the file if a phone changed since it was written last."""
        version = self._phones.changes.version
        if version == self._written:
            return
        newest = list(islice(self._newest(), MOST_KEPT))
        kept = Kept(last_serial=self._pushes.last_serial, phones=newest[::-1])
        write_private(self._path, msgspec.json.encode(kept))
        self._written = version

    async def write_regularly(self) -> None:
        """Write once a second until cancelled."""
        while True:
            await asyncio.sleep(WRITE_EACH_SECONDS)
            self.write_if_changed()

    def _newest(self) -> Iterator[KeptPhone]:
        for token in self._phones.changes.newest():
            phone = self._phones.by_token[token]
            provider = self._providers.get(phone.provider)
            fault = provider.tokens.get(token) if provider else None
            yield KeptPhone(phone=phone, shelf=self._phones.shelves.get(token), fault=fault)
