"""What the page shows of events, as values."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from notifier.sandbox.people import Platform


class StateView(msgspec.Struct, frozen=True, kw_only=True):
    """One message of `1177.status` about an event."""

    state: str
    reason: str | None
    after: timedelta
    """Since the event was appended to Kafka."""


class EventView(msgspec.Struct, frozen=True, kw_only=True):
    """One record of the event topic, as whoever reads the topic sees it."""

    slug: str
    source: str
    id: str
    type: str
    title: Mapping[str, str]
    """By language; of the catalogue. Of a mark or of what is no event: empty, see `kind`."""
    kind: Literal["event", "read", "acted", "withdrawn", "broken"]
    subject: str
    """The person's name; empty where it is nobody of ours."""
    number: str
    matter: str
    at: datetime
    """Business time of the append."""
    states: tuple[StateView, ...] = ()
    refused: str | None = None
    """Reason of a dead letter."""
    field: str | None = None


class StepView(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a trace."""

    at: datetime
    after: timedelta
    """Since the event was appended to Kafka."""
    who: Literal["event", "subject", "ombud"]
    name: str = ""
    """Whom it is about, of our made-up people."""
    device: int | None = None
    what: str
    """A code of the words `steps`."""
    value: str | None = None
    """A state, verdict or end that belongs to it."""
    reason: str | None = None
    lane: str | None = None
    loudness: str | None = None
    attempts: int = 0
    due_at: datetime | None = None
    version: str | None = None


class PushView(msgspec.Struct, frozen=True, kw_only=True):
    """The exact bytes that Apple or Google saw."""

    owner: str
    platform: Platform
    """Of the phone that showed it."""
    at: datetime
    path: str
    headers: tuple[tuple[str, str], ...]
    body: str
    size_bytes: int


class WhyView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is known of one event."""

    event: EventView
    steps: tuple[StepView, ...]
    statuses: tuple[str, ...]
    """Values of `1177.status`, as they stand there."""
    letters: tuple[str, ...]
    """Values of `1177.dead-letters`."""
    pushes: tuple[PushView, ...]


class TypeView(msgspec.Struct, frozen=True, kw_only=True):
    """A type of the catalogue."""

    name: str
    title: Mapping[str, str]
    category: str
    importance: str
    """`must-deliver`, `normal`, `low`."""
