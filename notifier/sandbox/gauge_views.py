"""What the page shows of the service itself, as values."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

PartState = Literal["ready", "starting", "ill"]
SwitchKind = Literal["toggle", "once"]


class PartView(msgspec.Struct, frozen=True, kw_only=True):
    """Health of a part."""

    name: str
    """A key of the words `parts`."""
    state: PartState
    why: str | None = None
    """In the part's own words, English."""


class FiguresView(msgspec.Struct, frozen=True, kw_only=True):
    """What flows, over the last seconds; None where nothing was measured."""

    events_per_second: float = 0
    pushes_per_second: float = 0
    p50_ms: float | None = None
    p99_ms: float | None = None
    """From Kafka's append to the provider's acceptance."""
    waiting: int = 0
    held: int = 0
    metrics: str = ""
    """Address of the metrics."""


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    """Whether everything is accounted for (I12); `exact` None before the first account."""

    exact: bool | None = None
    records: int = 0
    opened: int = 0
    marks: int = 0
    duplicates: int = 0
    dead_letters: int = 0
    planned: int = 0
    deliveries: tuple[tuple[str, int], ...] = ()
    """By state."""
    differences: tuple[str, ...] = ()
    """English, as `notifier account` says them."""


class SwitchView(msgspec.Struct, frozen=True, kw_only=True):
    """Something that can be made to fail."""

    name: str
    """A key of the words `switches`."""
    kind: SwitchKind
    on: bool = False


class ClockView(msgspec.Struct, frozen=True, kw_only=True):
    """The business clock."""

    now: datetime
    ahead: timedelta
    left: timedelta


class LoadView(msgspec.Struct, frozen=True, kw_only=True):
    """The load that the page itself makes."""

    events_per_second: int = 0
    most: int = 0
