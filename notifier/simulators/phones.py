"""A pure model of a phone: what it shows, how often it sounded, which badge it wears, what was shown twice (A29)."""

from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from notifier.simulators.remembered import Act, Doubled, Entry, Moment, Notice, What, Why

Value = TypeVar("Value")

SECOND_SOUND_AFTER = timedelta(seconds=60)
MOST_ENTRIES = 256
MOST_NOTICES = 512
MOST_MOMENTS = 64


class Phone(msgspec.Struct, kw_only=True):
    """One phone; every list is bounded, the oldest leaves first, and entries stand in the order of their last show."""

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

    def apply(self, act: Act, at: datetime, push: int = 0) -> None:
        """Let one push, of this serial, work on the phone."""
        self.received += 1
        gone = [key for key in act.remove if self.entries.pop(key, None)]
        self.dismissed += len(gone)
        if act.badge is not None:
            self.badge = act.badge
        if act.sounds:
            self.sounds += 1
        key = act.key or (f"#{self.received}" if act.shows else "")
        replaced = act.shows and self._show(key, act, at, push)
        what: What = ("replaced" if replaced else "shown") if act.shows else ("dismissed" if gone else "silent")
        self._remember(act, what, key or ",".join(gone), at, push)

    def swipe(self, key: str, at: datetime) -> bool:
        """Let the owner put one entry away, which no push asked for; False if there is none."""
        entry = self.entries.pop(key, None)
        if entry is None:
            return False
        act = Act(identity=entry.identity, key=key, text_key=entry.text_key)
        self._remember(act, "swiped", key, at, entry.push)
        return True

    def _show(self, key: str, act: Act, at: datetime, push: int) -> bool:
        """Add or replace an entry; True if one was replaced."""
        self._notice(act, at)
        old = self.entries.pop(key, None)
        if any(other.identity == act.identity for other in self.entries.values()):
            self._double(act.identity, "two entries at one time", at)
        entry = old or Entry(key=key, identity=act.identity, text_key=act.text_key, first_at=at, last_at=at)
        entry.identity, entry.text_key, entry.last_at = act.identity, act.text_key, at
        entry.sounded, entry.push = act.sounds, push
        entry.times_shown += 1
        entry.sounds += act.sounds
        _put(self.entries, key, entry, MOST_ENTRIES)
        return old is not None

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

    def _remember(self, act: Act, what: What, key: str, at: datetime, push: int) -> None:
        moment = Moment(
            at=at,
            what=what,
            key=key,
            identity=act.identity,
            text_key=act.text_key,
            sounded=act.sounds,
            badge=self.badge,
            push=push,
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
