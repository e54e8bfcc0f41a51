"""Step 7 of the path: settlements in batches."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from notifier.dispatch.batches import Badge, Due
from notifier.dispatch.bounds import Monotonic
from notifier.dispatch.deletions import DeletionsBraked
from notifier.dispatch.facts import Observe, Recorded
from notifier.dispatch.patience import Patience
from notifier.domain.settlements import Settlement


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the ledger is to remember of one delivery; no settlement means that it was not attempted."""

    due: Due
    settlement: Settlement | None
    badge: Badge
    at: datetime
    """When the provider answered."""


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a batch of settlements."""

    ends: Mapping[str, int]
    """How many events ended as what."""
    braked: tuple[DeletionsBraked, ...] = ()


class Ledger(Protocol):
    """Where settlements are kept."""

    async def record(self, records: Sequence[Record], now: datetime) -> Stored:
        """Store settlements in one transaction; give what came of it."""


class Recorder:
    """Collects settlements and stores them every few milliseconds; full, it holds the lanes back."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Callable[[], datetime],
        monotonic: Monotonic,
        patience: Patience,
        observe: Observe,
        *,
        most: int = 2000,
        every: timedelta = timedelta(milliseconds=20),
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._monotonic = monotonic
        self._patience = patience
        self._observe = observe
        self._most = most
        self._every_seconds = every.total_seconds()
        self._buffer: list[Record] = []
        self._filled = asyncio.Event()
        self._bound = 5 * most
        self._emptied = asyncio.Event()
        self._closing = False

    async def put(self, record: Record) -> None:
        """Take one settlement; waits while five batches are pending."""
        while len(self._buffer) >= self._bound:
            self._emptied.clear()
            await self._emptied.wait()
        self._buffer.append(record)
        self._filled.set()

    async def run(self) -> None:
        """Store settlements until closed and empty."""
        while self._buffer or not self._closing:
            await self._filled.wait()
            if len(self._buffer) < self._most and not self._closing:
                await asyncio.sleep(self._every_seconds)
            batch, self._buffer = self._buffer[: self._most], self._buffer[self._most :]
            if not self._buffer and not self._closing:
                self._filled.clear()
            self._emptied.set()
            if batch:
                await self._store(batch)

    def close(self) -> None:
        """End `run` once everything put so far is stored."""
        self._closing = True
        self._filled.set()

    async def _store(self, batch: Sequence[Record]) -> None:
        began = self._monotonic()
        stored = await self._patience.insist(lambda: self._ledger.record(batch, self._clock()))
        took = timedelta(seconds=self._monotonic() - began)
        self._observe(Recorded(settlements=len(batch), took=took, ends=stored.ends))
        for fact in stored.braked:
            self._observe(fact)
