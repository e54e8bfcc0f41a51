"""What is claimed again later: waiting deliveries and held events, judged anew (B12, A7)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import msgspec

from notifier.dispatch.batches import Badge
from notifier.domain.events import Event
from notifier.domain.identifiers import CollapseId, DeliveryId, DeviceId, NoticeId, PersonId
from notifier.domain.plans import NoticeRef
from notifier.domain.reasons import HoldReason, Reason
from notifier.domain.verdicts import Loudness


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A waiting delivery whose lease is ours, with its event as it was opened."""

    ref: NoticeRef
    id: DeliveryId
    event: Event
    opened_at: datetime
    recipient: PersonId
    subject: PersonId
    device: DeviceId
    loudness: Loudness
    text_key: str
    collapse_id: CollapseId
    sealed: bytes | None
    lease: int
    attempts: int
    quiet_after: timedelta | None
    """Where an earlier attempt's outcome is unknown: how long from the claim a resend may still sound (A29)."""
    badge: Badge

    @property
    def quiet(self) -> bool:
        """Say whether a resend makes no sound even at once."""
        return self.quiet_after is not None and self.quiet_after < timedelta()


class Postponed(msgspec.Struct, frozen=True, kw_only=True):
    """Judged again and held: it waits on."""

    claimed: Claimed
    reason: HoldReason


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """Judged again and no longer to be sent."""

    claimed: Claimed
    state: str
    reason: Reason


class Noticed(msgspec.Struct, frozen=True, kw_only=True):
    """A notice that an event has already."""

    id: NoticeId
    verdict: str
    """`push`, `hold` or `skip`."""


class HeldEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event that waits, with the notices it has by recipient."""

    day: date
    event: Event
    opened_at: datetime
    notices: Mapping[PersonId, Noticed]
