"""What one push asks of a phone, and what the phone remembers of it."""

from datetime import datetime
from typing import Literal

import msgspec

Why = Literal["two entries at one time", "second sound"]
What = Literal["shown", "replaced", "dismissed", "silent", "swiped"]


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """What one accepted push asks of a phone; `key` None: an entry of its own, `badge` None: the badge stays."""

    identity: str
    key: str | None
    text_key: str
    shows: bool = False
    sounds: bool = False
    badge: int | None = None
    remove: tuple[str, ...] = ()


class Entry(msgspec.Struct, kw_only=True):
    """One line in the phone's list of notifications; `sounded` and `push` are of the last time it was shown."""

    key: str
    identity: str
    text_key: str
    first_at: datetime
    last_at: datetime
    times_shown: int = 0
    sounds: int = 0
    sounded: bool = False
    push: int = 0


class Notice(msgspec.Struct, kw_only=True):
    """What a phone has seen of one notice, also after it was dismissed."""

    times_shown: int = 0
    sounds: int = 0
    first_at: datetime
    last_at: datetime
    first_sound_at: datetime | None = None


class Doubled(msgspec.Struct, frozen=True, kw_only=True):
    """A notice that the phone showed twice in the sense of A29."""

    identity: str
    why: Why
    at: datetime


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One push as the phone met it, or (`swiped`) what its owner did with it; `push` is its serial, 0 if unknown."""

    at: datetime
    what: What
    key: str
    identity: str
    text_key: str
    sounded: bool
    badge: int
    push: int = 0
