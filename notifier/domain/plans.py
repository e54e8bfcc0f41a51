"""What one record opens: the notices and deliveries of an event, or what a mark ends."""

from datetime import date, datetime

import msgspec

from notifier.domain.events import Event, Mark
from notifier.domain.identifiers import CollapseId, DeliveryId, DeviceId, EventKey, NoticeId, PersonId
from notifier.domain.people import Platform
from notifier.domain.verdicts import Decision, Loudness


class NoticeRef(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a notice is stored."""

    day: date
    event: EventKey
    notice: NoticeId


class Delivery(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One notice to one device, as it is stored before anything is sent (I1)."""

    id: DeliveryId
    device: DeviceId
    lane: str
    loudness: Loudness
    text_key: str
    collapse_id: CollapseId
    expires_at: datetime
    sealed: bytes | None
    token: bytes
    """The sealed token, carried to the first hand-off and not stored again."""
    platform: Platform
    kind: str
    leased: bool
    """Born leased for a lane of this process that has room; else claimable at once."""
    doubtful: bool = False
    """Its token may be bad (R17); carried as the token is."""


class Planned(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A decision with the ids and deliveries it gets if the matter's state lets it stand."""

    decision: Decision
    notice: NoticeId
    collapse_id: CollapseId
    """Used only if the recipient has none for this matter yet (A28)."""
    deliveries: tuple[Delivery, ...] = ()


class Opening(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An event on its way into the ledger."""

    event: Event
    subject: PersonId
    day: date
    """The UTC day of opening, the partition of all that it opens (I2)."""
    opened_at: datetime
    useful_until: datetime
    about_child: bool
    """Its reasons leave the house only as `not_available` (A27)."""
    legacy: bool
    """Where nobody is told, today's service sends (A25)."""
    planned: tuple[Planned, ...]
    appended_at: datetime | None = None
    """When Kafka took the record: the start of the latency that is measured."""


class Marking(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A mark on its way into the ledger; `by` is None for somebody the house does not know."""

    mark: Mark
    subject: PersonId
    by: PersonId | None


def make_push_id(notice: NoticeId, delivery: DeliveryId) -> bytes:
    """Name a delivery to its provider and device, the same however often it is resent (I3)."""
    return notice.to_bytes(8) + delivery.to_bytes(8)
