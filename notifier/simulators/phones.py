"""A pure model of a phone: what it shows, how often it sounded, which badge it wears, what was shown twice (A29)."""

from datetime import datetime, timedelta
from typing import Literal, TypeVar

import msgspec

Value = TypeVar("Value")

SECOND_SOUND_AFTER = timedelta(seconds=60)
MOST_ENTRIES = 256
MOST_NOTICES = 512
MOST_MOMENTS = 64

Why = Literal["two entries at one time", "second sound"]
What = Literal["shown", "replaced", "dismissed", "silent"]


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
    """One line in the phone's list of notifications."""

    key: str
    identity: str
    text_key: str
    first_at: datetime
    last_at: datetime
    times_shown: int = 1
    sounds: int = 0


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
    """One push as the phone met it."""

    at: datetime
    what: What
    key: str
    identity: str
    text_key: str
    sounded: bool
    badge: int


class Phone(msgspec.Struct, kw_only=True):
    """One phone; every list is bounded, the oldest leaves first."""

    token: str
    provider: str
    alias: str
    badge: int = 0
    received: int = 0
    sounds: int = 0
    dismissed: int = 0
    entries: dict[str, Entry] = {}
    notices: dict[str, Notice] = {}
    shown_twice: list[Doubled] = []
    history: list[Moment] = []

    def apply(self, act: Act, at: datetime) -> None:
        """Let one push work on the phone."""
        self.received += 1
        gone = [key for key in act.remove if self.entries.pop(key, None)]
        self.dismissed += len(gone)
        if act.badge is not None:
            self.badge = act.badge
        if act.sounds:
            self.sounds += 1
        key = act.key or (f"#{self.received}" if act.shows else "")
        replaced = act.shows and self._show(key, act, at)
        what: What = ("replaced" if replaced else "shown") if act.shows else ("dismissed" if gone else "silent")
        self._remember(act, what, key or ",".join(gone), at)

    def _show(self, key: str, act: Act, at: datetime) -> bool:
        """Add or replace an entry; True if one was replaced."""
        self._notice(act, at)
        entry = self.entries.get(key)
        if any(other.identity == act.identity and other is not entry for other in self.entries.values()):
            self._double(act.identity, "two entries at one time", at)
        if entry is None:
            entry = Entry(key=key, identity=act.identity, text_key=act.text_key, first_at=at, last_at=at)
            entry.sounds = int(act.sounds)
            _put(self.entries, key, entry, MOST_ENTRIES)
            return False
        entry.identity, entry.text_key, entry.last_at = act.identity, act.text_key, at
        entry.times_shown += 1
        entry.sounds += act.sounds
        return True

    def _notice(self, act: Act, at: datetime) -> None:
        notice = self.notices.get(act.identity)
        if notice is None:
            notice = Notice(first_at=at, last_at=at)
            _put(self.notices, act.identity, notice, MOST_NOTICES)
        notice.times_shown += 1
        notice.last_at = at
        if not act.sounds:
            return
        notice.sounds += 1
        if notice.first_sound_at is None:
            notice.first_sound_at = at
        elif at - notice.first_sound_at > SECOND_SOUND_AFTER:
            self._double(act.identity, "second sound", at)

    def _remember(self, act: Act, what: What, key: str, at: datetime) -> None:
        moment = Moment(
            at=at,
            what=what,
            key=key,
            identity=act.identity,
            text_key=act.text_key,
            sounded=act.sounds,
            badge=self.badge,
        )
        self.history.append(moment)
        del self.history[:-MOST_MOMENTS]

    def _double(self, identity: str, why: Why, at: datetime) -> None:
        self.shown_twice.append(Doubled(identity=identity, why=why, at=at))
        del self.shown_twice[:-MOST_MOMENTS]


def _put(rows: dict[str, Value], key: str, value: Value, most: int) -> None:
    if len(rows) >= most:
        del rows[next(iter(rows))]
    rows[key] = value
