"""What the publisher of an event is told (B6, A27)."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from notifier.domain.ends import Ended, Sequence
from notifier.domain.identifiers import EventKey
from notifier.domain.reasons import DeadLetterReason, End, PublicReason, publish_reason

DISCREET = timedelta(seconds=60)
"""What could betray is published this long after opening, so that its time tells nothing either (A27)."""


class State(StrEnum):
    """The states of `1177.status` that come before an end."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    EMAIL_SENT = "email_sent"
    HELD = "held"
    PUSHED = "pushed"
    REJECTED = "rejected"
    SMS_SENT = "sms_sent"


class Status(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One message to the publisher; `after` delays its publication."""

    key: EventKey
    source: str
    id: str
    seq: int
    at: datetime
    state: State | End
    reason: PublicReason | DeadLetterReason | None = None
    after: timedelta = timedelta()


def tell_end(
    key: EventKey,
    source: str,
    id: str,
    ended: Ended,
    *,
    about_child: bool,
    opened_at: datetime,
    now: datetime,
) -> Status:
    """Say how an event ended; a reason that could betray leaves as `not_available`, a minute after opening (B3)."""
    reason = publish_end_reason(ended, about_child=about_child)
    waits = reason is PublicReason.NOT_AVAILABLE
    after = max(opened_at + DISCREET - now, timedelta()) if waits else timedelta()
    return Status(key=key, source=source, id=id, seq=Sequence.END, at=now, state=ended.end, reason=reason, after=after)


def publish_end_reason(ended: Ended, *, about_child: bool) -> PublicReason | None:
    """Give the public reason of an end: ends that somebody learnt of need none."""
    if ended.end in (End.SEEN, End.WITHDRAWN, End.DELIVERED_UNSEEN):
        return None
    if about_child:
        return PublicReason.NOT_AVAILABLE
    if ended.end in (End.SUPERSEDED, End.EXPIRED):
        return PublicReason(ended.end.value)
    if ended.reason is None:
        return PublicReason.NOT_AVAILABLE
    return publish_reason(ended.reason, about_child=about_child)
