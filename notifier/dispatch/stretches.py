"""What a projection reads and stores: stretches of a compacted topic, rows, and what they did (DESIGN 3, 5, 8)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

import msgspec

from notifier.dispatch.brakes import Brake, Tripped
from notifier.dispatch.identities import Reference
from notifier.dispatch.waves import Link
from notifier.domain.identifiers import PersonId, Pseudonym
from notifier.wire.contacts import ContactPoint
from notifier.wire.heartbeats import Heartbeat
from notifier.wire.proxies import ProxyChange
from notifier.wire.records import DeadLetter
from notifier.wire.residents import ResidentChange

Change = TypeVar("Change", ResidentChange, ProxyChange)
Rows = TypeVar("Rows")
Rows_contra = TypeVar("Rows_contra", contravariant=True)


class Stretch(msgspec.Struct, Generic[Change], frozen=True, kw_only=True):
    """What one partition of a compacted topic says, in offset order, from `expected`, where the position stands."""

    topic: str
    partition: int
    expected: int
    next_offset: int
    changes: tuple[Change, ...] = ()
    heartbeats: tuple[Heartbeat, ...] = ()
    letters: tuple[DeadLetter, ...] = ()

    @property
    def records(self) -> int:
        """Give how many records it holds."""
        return len(self.changes) + len(self.heartbeats) + len(self.letters)


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Where a stretch stands and how its records are counted, whatever they change."""

    topic: str
    partition: int
    expected: int
    next_offset: int
    complete_to: datetime | None
    records: int
    heartbeats: int
    tests: int
    letters: tuple[DeadLetter, ...]

    def stale(self, applied: int) -> int:
        """Give how many records changed nothing, so that all fates add up to the records (A6)."""
        return self.records - applied - self.tests - self.heartbeats - len(self.letters)


class ResidentRow(msgspec.Struct, frozen=True, kw_only=True):
    """A person's newest version as it is stored."""

    id: PersonId
    """Used only for somebody who has none yet."""
    change: ResidentChange
    protected_at: datetime | None
    phone: ContactPoint | None
    email: ContactPoint | None


class ResidentRows(msgspec.Struct, frozen=True, kw_only=True):
    """One wave: rows, the people they refer to, then tombstones."""

    rows: tuple[ResidentRow, ...]
    references: tuple[Reference, ...]
    gone: tuple[Pseudonym, ...]


class ProxyRows(msgspec.Struct, frozen=True, kw_only=True):
    """One wave: links, the people on both ends, then tombstones."""

    rows: tuple[ProxyChange, ...]
    references: tuple[Reference, ...]
    gone: tuple[Link, ...]


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """What a stretch did."""

    applied: int
    """Changes that took effect; the other records were stale, tests, heartbeats or dead letters (A6)."""
    shares_ended: int
    """Pairs of recipient and person represented that were told no more, at once (A30)."""
    tripped: tuple[Tripped, ...]
    rebuilt: bool
    """Every partition of the topic has passed the end of its rebuild: the sweep is due."""


class Store(Protocol[Rows_contra]):
    """One projection."""

    async def apply(self, span: Span, waves: Sequence[Rows_contra], brake: Brake, now: datetime) -> Applied | None:
        """Apply waves and move the position in one transaction; None where the position has moved already."""


def span_of(stretch: Stretch[Change], tests: int) -> Span:
    """Say where a stretch stands; its last heartbeat tells up to when the partition is complete (B21)."""
    return Span(
        topic=stretch.topic,
        partition=stretch.partition,
        expected=stretch.expected,
        next_offset=stretch.next_offset,
        complete_to=max((beat.complete_to for beat in stretch.heartbeats), default=None),
        records=stretch.records,
        heartbeats=len(stretch.heartbeats),
        tests=tests,
        letters=stretch.letters,
    )
