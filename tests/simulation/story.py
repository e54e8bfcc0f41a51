"""What e-services publish in a story: events and marks in any order, copies, forgeries and broken records."""

import hashlib
from datetime import datetime, timedelta
from random import Random

import msgspec

from notifier.domain.events import Event, Mark, MarkKind
from notifier.domain.identifiers import EventKey, MatterKey, Pseudonym
from tests.domain.kinds import CASE, CHANGED, INBOX, JOURNAL, VIDEO
from tests.simulation.topic import PARTITIONS, Item, Published
from tests.simulation.town import PEOPLE, pseudonym_of

_TYPES = (INBOX, INBOX, INBOX, CHANGED, CASE, JOURNAL, VIDEO)
_SOURCES = ("urn:se:1177:inkorg", "urn:se:1177:bokning")


def fingerprint(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()[:16]


class Story:
    """Publishes into partitions, whose offsets have gaps as under transactions."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self.partitions: list[list[Published]] = [[] for _ in range(PARTITIONS)]
        self._said: list[Event | Mark] = []
        self._numbers = 0
        self._favourites = chance.sample(range(1, PEOPLE + 1), 16)
        self._later: list[Event] = []
        """Events whose marks came first."""
        self.cursed: set[EventKey] = set()
        """Events that no ledger can store."""

    def publish(self, now: datetime) -> None:
        """Publish one record, whatever comes to mind."""
        self._append(self._choose(now), now)

    def _choose(self, now: datetime) -> Item:
        roll = self._chance.random()
        if self._later and roll < 0.1:
            return self._say(self._later.pop())
        if not self._said or roll < 0.60:
            return self._say(self._make_event(now))
        if roll < 0.84:
            return self._say(self._make_mark(now))
        if roll < 0.95:
            return self._copy(now)
        return None if roll < 0.985 else self._curse(self._say(self._make_event(now)))

    def _append(self, item: Item, now: datetime) -> None:
        log = self.partitions[self._chance.randrange(PARTITIONS)]
        gap = self._chance.choice((0, 0, 0, 1, 2))
        log.append(Published(offset=log[-1].offset + 1 + gap if log else gap, item=item, at=now))

    def _say(self, item: Event | Mark) -> Event | Mark:
        self._said.append(item)
        return item

    def _curse(self, item: Event | Mark) -> Event | Mark:
        self.cursed.add(item.key)
        return item

    def _copy(self, now: datetime) -> Item:
        """The same again, with another time perhaps, or other content under its id."""
        old = self._chance.choice(self._said)
        roll = self._chance.random()
        if roll < 0.6:
            return old
        if roll < 0.8:
            return msgspec.structs.replace(old, time=old.time + timedelta(minutes=self._chance.randint(-60, 60)))
        if roll < 0.9:
            return msgspec.structs.replace(old, digest=self._chance.randbytes(16))
        return self._say(self._rename(msgspec.structs.replace(old, subject=self._somebody())))

    def _rename(self, item: Event | Mark) -> Event | Mark:
        """The same matter about somebody else, under an id of its own: it is not theirs."""
        name = self._name()
        return msgspec.structs.replace(
            item, id=name, key=EventKey(fingerprint(item.source, name)), digest=self._chance.randbytes(16)
        )

    def _somebody(self) -> Pseudonym:
        """Every second time one of a few, so that much happens to the same people."""
        if self._chance.random() < 0.5:
            return pseudonym_of(self._chance.choice(self._favourites))
        return pseudonym_of(self._chance.randint(1, PEOPLE + 5))

    def somebody_involved(self) -> int:
        """Give one of the last subjects."""
        recent = [one.subject for one in self._said[-12:]] or [pseudonym_of(1)]
        return min(int.from_bytes(self._chance.choice(recent)), PEOPLE)

    def _name(self) -> str:
        self._numbers += 1
        return f"e{self._numbers}"

    def _make_event(self, now: datetime) -> Event:
        chance, name = self._chance, self._name()
        older = [one for one in self._said[-40:] if isinstance(one, Event)]
        again = chance.choice(older) if older and chance.random() < 0.3 else None
        source = again.source if again else chance.choice(_SOURCES)
        matter = again.matter if again else f"m{self._numbers}"
        kind = chance.choice(_TYPES)
        subject = again.subject if again else self._somebody()
        happens_at = now + timedelta(minutes=chance.choice((5, 60, 60 * 30, 60 * 90)))
        return Event(
            key=EventKey(fingerprint(source, name)),
            digest=chance.randbytes(16),
            source=source,
            id=name,
            type=kind,
            subject=subject,
            time=self._about(now),
            matter=matter,
            matter_key=MatterKey(fingerprint(source, matter)),
            unit="SE2321000016-A1B2",
            region="01",
            happens_at=happens_at if kind.useful.from_happens_at else None,
            visible_to_subject=chance.random() > 0.02,
            proxies_allowed=chance.random() > 0.05,
            live_asked=chance.random() < 0.3,
        )

    def _about(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self._chance.randint(-3600, 600))

    def _make_mark(self, now: datetime) -> Mark:
        """Handled or withdrawn, of a matter that is known or one still to come."""
        chance, name = self._chance, self._name()
        older = [one for one in self._said[-60:] if isinstance(one, Event)] or self._said
        of = chance.choice(older)
        if chance.random() < 0.1:
            of = self._make_event(now)
            self._later.append(of)
        by = of.subject if chance.random() < 0.6 else self._somebody()
        return Mark(
            key=EventKey(fingerprint(of.source, name)),
            digest=chance.randbytes(16),
            source=of.source,
            id=name,
            type="mark",
            subject=of.subject,
            time=now,
            matter=of.matter,
            matter_key=of.matter_key,
            kind=chance.choice((MarkKind.READ, MarkKind.READ, MarkKind.ACTED, MarkKind.WITHDRAWN)),
            at=self._about(now),
            by=by,
        )
