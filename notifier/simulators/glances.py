"""A phone as a page of many phones shows it: what it wears now, and its newest lines."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

import msgspec

from notifier.simulators.phones import Phone
from notifier.simulators.remembered import Moment

MOST_MOMENTS = 3


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One notification that the phone shows, as it was shown last."""

    key: str
    identity: str
    text_key: str
    at: datetime
    sounded: bool
    times_shown: int
    push: int


class Glance(msgspec.Struct, frozen=True, kw_only=True):
    """One phone; `more` counts the entries that are not listed, and both lists begin with the newest."""

    token: str
    provider: str
    alias: str
    badge: int
    received: int
    sounds: int
    dismissed: int
    online: bool
    waiting: int
    revoked: bool
    doubled: int
    entries: Sequence[Line]
    more: int
    moments: Sequence[Moment]


def glance(phone: Phone, most_entries: int, waiting: int | None, *, revoked: bool) -> Glance:
    """Look at a phone; `waiting` is what its provider keeps for it, None while it is online."""
    lines = list(islice(_lines_of(phone), most_entries))
    return Glance(
        token=phone.token,
        provider=phone.provider,
        alias=phone.alias,
        badge=phone.badge,
        received=phone.received,
        sounds=phone.sounds,
        dismissed=phone.dismissed,
        online=waiting is None,
        waiting=waiting or 0,
        revoked=revoked,
        doubled=len(phone.shown_twice),
        entries=lines,
        more=len(phone.entries) - len(lines),
        moments=phone.history[: -MOST_MOMENTS - 1 : -1],
    )


def _lines_of(phone: Phone) -> Iterator[Line]:
    for entry in reversed(phone.entries.values()):
        yield Line(
            key=entry.key,
            identity=entry.identity,
            text_key=entry.text_key,
            at=entry.last_at,
            sounded=entry.sounded,
            times_shown=entry.times_shown,
            push=entry.push,
        )
