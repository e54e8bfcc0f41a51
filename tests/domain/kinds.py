"""Types of the catalogue as ANSWERS, Types, has them."""

from datetime import timedelta
from typing import Any

import msgspec

from notifier.domain.catalogue import EventType, Live, Useful, Weight

_PLAIN = EventType(
    name="se.1177.inbox.message.received.v1",
    revision=1,
    category="messages",
    weight=Weight.NORMAL,
    own_min_age=13,
    proxy_max_age=13,
    useful=Useful(length=timedelta(days=7)),
    fallback_after=timedelta(hours=4),
    warn_before=timedelta(hours=4),
    live=Live.NEVER,
    legacy_sends=True,
    own_text="own",
    child_text="child",
    link="https://e-tjanster.1177.se/inkorg/{matter}",
)


def a_type(**changes: Any) -> EventType:
    """Make a type like the inbox message, but for the changes."""
    return msgspec.structs.replace(_PLAIN, **changes)


INBOX = _PLAIN


JOURNAL = a_type(
    name="se.1177.journal.note.signed.v1",
    category="journal",
    weight=Weight.LOW,
    own_min_age=16,
    useful=Useful(length=timedelta(days=3)),
    fallback_after=None,
    legacy_sends=False,
)


CHANGED = a_type(
    name="se.1177.booking.changed.v1",
    category="bookings",
    weight=Weight.MUST_DELIVER,
    useful=Useful(from_happens_at=True),
    fallback_after=timedelta(minutes=15),
    legacy_sends=False,
)


SUMMONS = a_type(
    name="se.1177.booking.summons.v1",
    category="bookings",
    weight=Weight.MUST_DELIVER,
    useful=Useful(from_happens_at=True, length=timedelta(days=14)),
    warn_before=timedelta(days=3),
    legacy_sends=False,
)


VIDEO = a_type(
    name="se.1177.video.meeting.starting.v1",
    category="video",
    weight=Weight.MUST_DELIVER,
    useful=Useful(from_happens_at=True, after=timedelta(minutes=15)),
    fallback_after=timedelta(minutes=2),
    live=Live.ALWAYS,
    legacy_sends=False,
)


CASE = a_type(
    name="se.1177.contact.case.updated.v1",
    category="contact",
    useful=Useful(length=timedelta(days=1)),
    fallback_after=timedelta(minutes=30),
    live=Live.BY_DATA,
    legacy_sends=False,
)


UNTIL_16 = a_type(name="se.1177.test.shared.longer.v1", proxy_max_age=16)
