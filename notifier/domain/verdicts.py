"""What one recipient gets, or why nothing."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from notifier.domain.identifiers import PersonId
from notifier.domain.people import Device
from notifier.domain.reasons import HoldReason, Reason


class Loudness(StrEnum):
    """How a push enters: APNs' interruption level and whether it sounds (ANSWERS, Types)."""

    PASSIVE = "passive"
    ACTIVE = "active"
    TIME_SENSITIVE = "time-sensitive"


class Push(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Push to these devices until `expires_at`."""

    devices: tuple[Device, ...]
    loudness: Loudness
    expires_at: datetime


class Hold(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Wait and judge again: doubt never sends (I7)."""

    reason: HoldReason


class Skip(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Nothing for this recipient."""

    reason: Reason


Verdict = Push | Hold | Skip


class Fallback(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A later channel is owed unless seen within `after` of acceptance, at the latest by `deadline_at` (R20)."""

    after: timedelta
    deadline_at: datetime


class Decision(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The verdict on one recipient of one event."""

    recipient: PersonId
    about: PersonId
    """The subject; the recipient itself where it is its own notice."""
    region: str
    verdict: Verdict
    fallback: Fallback | None = None

    @property
    def own(self) -> bool:
        """Say whether the recipient is the subject."""
        return self.recipient == self.about


_BY_LOUDNESS = tuple(Loudness)


def louder(first: Loudness, second: Loudness) -> Loudness:
    """Give the louder of two: a newer notice takes over the highest class of those it replaces (A23)."""
    return max(first, second, key=_BY_LOUDNESS.index)
