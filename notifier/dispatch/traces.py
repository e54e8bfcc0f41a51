"""What support is told of one event; no id of a person, device or notice (R38, A37)."""

from datetime import date, datetime

import msgspec


class TraceStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened."""

    at: datetime
    who: str
    """`event`, `subject`, `ombud 1`; with `, device 1` for a push."""
    what: str
    reason: str | None = None
    version: str | None = None
    """Of catalogue and policy, where something was decided."""


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one (source, id), in order of time."""

    source: str
    id: str
    type: str | None
    """None where no event of it is stored."""
    known_on: date | None
    """The day the gate let it in; also for marks, which have no steps of their own."""
    steps: tuple[TraceStep, ...]
