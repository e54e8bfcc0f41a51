"""A batch on its way into the ledger, and what came of it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import msgspec

from notifier.domain.identifiers import DeliveryId, DeviceId, PersonId
from notifier.domain.plans import Delivery, Marking, NoticeRef, Opening
from notifier.wire.records import DeadLetter, Position, RawRecord


class Span(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The offsets of one partition that a batch covers, from `expected`, where the position stands."""

    topic: str
    partition: int
    expected: int
    next_offset: int


class Item(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One usable record."""

    position: Position
    work: Opening | Marking


class Batch(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one poll of one or more partitions opens, in offset order per partition."""

    spans: tuple[Span, ...]
    items: tuple[Item, ...]
    letters: tuple[DeadLetter, ...]
    records: Mapping[Position, RawRecord]
    """The usable records as they came, for those that the ledger refuses."""
    day: date
    now: datetime
    lease: timedelta
    rejudge_at: datetime
    """When what is held is judged again (A7)."""
    catalogue: str
    policy: int
    update_border: datetime | None = None
    """Devices that were told to update after this are not told again; None while nobody is (R19)."""


class Badge(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A recipient's unread count; the higher version is the newer."""

    unread: int
    version: int


class Due(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One delivery that this process holds the lease of and may attempt."""

    ref: NoticeRef
    id: DeliveryId
    source: str
    event_id: str
    recipient: PersonId
    subject: PersonId
    device: DeviceId
    delivery: Delivery
    lease: int
    attempts: int
    opened_at: datetime
    appended_at: datetime | None
    badge: Badge
    quiet_from: float | None = None
    """Of a resend after an unknown outcome: from here on, by the monotonic clock, it makes no sound (A29)."""


class Fates(msgspec.Struct, kw_only=True, gc=False):
    """How the records of one partition are counted (A6)."""

    records: int = 0
    opened: int = 0
    marks: int = 0
    duplicates: int = 0
    dead_letters: int = 0


class Opened(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A batch that is ours now."""

    due: tuple[Due, ...]
    fates: Mapping[tuple[str, int], Fates]
    reasons: Mapping[str, int]
    """How many notices got each verdict, `push`, or `hold:…`, `skip:…` with the reason."""
    ends: Mapping[str, int]
    quiet: bool
    """Some device is owed a badge or a removal."""


class Fenced(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The position has moved: another process owns the partition, or this batch is in already."""


OpenResult = Opened | Fenced
