"""A phone in one line, for lists of many."""

import msgspec

from notifier.simulators.phones import Phone


class Short(msgspec.Struct, frozen=True, kw_only=True):
    """A phone in one line."""

    token: str
    provider: str
    alias: str
    badge: int
    received: int
    sounds: int
    dismissed: int
    entries: int
    notices: int
    shown_twice: int


def shorten(phone: Phone) -> Short:
    """Leave out entries, notices and history."""
    return Short(
        token=phone.token,
        provider=phone.provider,
        alias=phone.alias,
        badge=phone.badge,
        received=phone.received,
        sounds=phone.sounds,
        dismissed=phone.dismissed,
        entries=len(phone.entries),
        notices=len(phone.notices),
        shown_twice=len(phone.shown_twice),
    )
