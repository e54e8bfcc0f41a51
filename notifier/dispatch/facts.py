"""What the flow states; one room turns facts into logs and metrics (STYLE 9). No fact holds an id of a person (I10)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec

from notifier.dispatch.lane_facts import Attempted, Dropped, LaneRead, LaneTurned


class BatchOpened(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A batch became ours."""

    topic: str
    partition: int
    records: int
    opened: int
    marks: int
    duplicates: int
    dead_letters: Mapping[str, int]
    verdicts: Mapping[str, int]
    """`push`, `hold:<reason>`, `skip:<reason>`."""
    ends: Mapping[str, int]
    lag: timedelta
    """From Kafka's append of the oldest record to the commit."""
    took: Mapping[str, timedelta]
    """Time per step: decode, audience, decide, open."""


class BatchHalved(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A batch could not be opened as a whole and is tried in halves."""

    topic: str
    partition: int
    records: int
    fault: str
    """The class name of the fault, never its text."""


class PartitionFenced(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Another process owns the partition now."""

    topic: str
    partition: int


class Waited(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A part could not work; the same is tried again after a pause."""

    part: str
    fault: str
    pause: timedelta


class Recorded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Settlements were stored."""

    settlements: int
    took: timedelta
    ends: Mapping[str, int]


class Rejudged(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Held events or waiting deliveries were judged again."""

    what: str
    verdicts: Mapping[str, int]


class ProjectionApplied(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A batch of a projection was stored."""

    topic: str
    partition: int
    records: int
    applied: int
    stale: int
    dead_letters: int
    took: timedelta


class Braked(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A mass-change brake closed: somebody is paged (B22)."""

    topic: str
    kind: str
    changes: int
    limit: int


class Relayed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Messages were acknowledged by Kafka."""

    messages: int


class Gauges(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How things stand, read every few seconds."""

    waiting: Mapping[str, int]
    """Waiting deliveries per lane."""
    held: int
    outbox: int
    quiet: int
    residents_complete_to: datetime | None
    proxies_complete_to: datetime | None
    days_ahead: int
    halts: int
    oldest_waiting: timedelta
    badge_drift: int = 0


Fact = (
    BatchOpened
    | BatchHalved
    | PartitionFenced
    | Waited
    | Attempted
    | Recorded
    | Dropped
    | Rejudged
    | ProjectionApplied
    | Braked
    | Relayed
    | LaneRead
    | LaneTurned
    | Gauges
)

Observe = Callable[[Fact], None]
