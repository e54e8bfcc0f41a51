"""Instants as publishers write them: RFC 3339 with an offset, judged against the clock (A3)."""

from datetime import datetime, timedelta

import msgspec

from notifier.domain.faults import Poison
from notifier.domain.reasons import DeadLetterReason

HORIZON = timedelta(days=30)
"""How old an event may be, and how long (source, id) stays unique (A3, B23)."""
AHEAD = timedelta(hours=1)
"""How far a publisher's clock may be ahead (A3)."""
_LIFETIME = timedelta(days=36525)
"""No appointment is a hundred years away; arithmetic on such instants leaves the calendar."""


def parse_instant(text: str, field: str) -> datetime:
    """Read RFC 3339 with an offset; a second 60 is refused, what is finer than a microsecond is rounded."""
    try:
        instant = msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        raise Poison(DeadLetterReason.TIME_INVALID, field) from None
    if instant.tzinfo is None:
        raise Poison(DeadLetterReason.TIME_INVALID, field)
    return instant


def parse_past(text: str, field: str, now: datetime) -> datetime:
    """Read an instant that has been, by a clock at most an hour ahead of ours, or raise TIME_IMPOSSIBLE (A3)."""
    instant = parse_instant(text, field)
    if instant - now > AHEAD:
        raise Poison(DeadLetterReason.TIME_IMPOSSIBLE, field)
    return instant


def parse_recent(text: str, field: str, now: datetime) -> datetime:
    """Read an event's `time`: in the past and within the horizon, or raise Poison (A3)."""
    instant = parse_past(text, field, now)
    if now - instant > HORIZON:
        raise Poison(DeadLetterReason.BEYOND_HORIZON, field)
    return instant


def parse_moment(text: str, field: str, now: datetime) -> datetime:
    """Read when something takes place: past or future, within a lifetime."""
    instant = parse_instant(text, field)
    if abs(instant - now) > _LIFETIME:
        raise Poison(DeadLetterReason.TIME_IMPOSSIBLE, field)
    return instant
