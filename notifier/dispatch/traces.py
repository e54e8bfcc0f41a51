"""What support is told of one event; no id of a person, device or notice (R38, A37)."""

from datetime import date, datetime

import msgspec


class TraceStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened."""

    at: datetime
    who: str
    """`event`, `subject`, `ombud 1`; with `, device 1` for a push."""
    step: str
    """`opened`, `held`, `decided`, `delivery`, `pushed`, `fallback`, `ended`, `dead letter`, or what came later."""
    value: str | None = None
    """The verdict, state, end or fate that belongs to it."""
    reason: str | None = None
    lane: str | None = None
    loudness: str | None = None
    attempts: int = 0
    due_at: datetime | None = None
    version: str | None = None
    """Of catalogue and policy, where something was decided."""

    @property
    def what(self) -> str:
        """Say it in a few words."""
        match self.step:
            case "decided":
                return self.value or ""
            case "delivery":
                tried = f", {self.attempts} attempts" if self.attempts else ""
                return f"{self.lane} {self.loudness}: {self.value}{tried}"
            case "fallback":
                return f"fallback {self.value}" + (f", due {self.due_at:%Y-%m-%dT%H:%M:%SZ}" if self.due_at else "")
            case "dead letter":
                return self.step if self.value is None else f"dead letter, replayed as {self.value}"
            case _:
                return self.step if self.value is None else f"{self.step} {self.value}"


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one (source, id), in order of time."""

    source: str
    id: str
    type: str | None
    """None where no event of it is stored."""
    known_on: date | None
    """The day the gate let it in; also for marks, which have no steps of their own."""
    steps: tuple[TraceStep, ...]
