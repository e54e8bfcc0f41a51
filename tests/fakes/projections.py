"""The ports of the projections in memory, written from RULES and not from the SQL: the same suite holds both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from notifier.dispatch.brakes import Brake, Kind, Tripped
from notifier.dispatch.rebuilds import Cursor, Swept
from notifier.dispatch.stretches import Applied, ProxyRows, ResidentRow, ResidentRows, Span
from notifier.domain.ages import local_day, ombud_until
from notifier.domain.freshness import Freshness
from notifier.domain.identifiers import Pseudonym
from notifier.domain.reasons import Reason
from notifier.wire.contacts import ContactPoint
from notifier.wire.proxies import ProxyChange

Link = tuple[Pseudonym, Pseudonym]
Share = tuple[Pseudonym, Pseudonym]
"""A recipient and the person represented."""


@dataclass
class Person:
    row: ResidentRow | None = None
    protected_at: datetime | None = None
    protected: bool = True
    phone: ContactPoint | None = None
    erased_at: datetime | None = None
    lift: bool = False
    generation: int = 0

    @property
    def known(self) -> bool:
        return self.row is not None

    @property
    def dead(self) -> bool:
        return self.row is not None and self.row.change.deceased is not None


@dataclass
class Opted:
    change: ProxyChange
    blocked: bool
    ended_at: datetime | None = None
    lift: bool = False
    generation: int = 0

    def gives(self, day: date) -> bool:
        change = self.change
        within = change.valid_from <= day and (change.valid_to is None or day < change.valid_to)
        return change.guardian_relation and not self.blocked and self.ended_at is None and within


@dataclass
class Place:
    next_offset: int = 0
    complete_to: datetime | None = None
    rebuild_to: int | None = None
    generation: int = 0
    records: int = 0
    applied: int = 0
    stale: int = 0


@dataclass
class Hour:
    rows_before: int
    changes: int = 0
    braked: bool = False
    released_changes: int = 0


@dataclass
class House:
    """Everything that the projections keep, and the shares that count in badges."""

    people: dict[Pseudonym, Person] = field(default_factory=dict)
    links: dict[Link, Opted] = field(default_factory=dict)
    declared: dict[Pseudonym, set[Pseudonym]] = field(default_factory=dict)
    places: dict[tuple[str, int], Place] = field(default_factory=dict)
    hours: dict[tuple[str, Kind, datetime], Hour] = field(default_factory=dict)
    shares: set[Share] = field(default_factory=set)
    ended: dict[Share, Reason] = field(default_factory=dict)

    def same(self, person: Pseudonym) -> set[Pseudonym]:
        named = self.declared.get(person, set())
        return {person} | named | {one for one, others in self.declared.items() if person in others}

    def is_protected(self, person: Pseudonym) -> bool:
        return any(self.people[one].protected for one in self._known(person)) or person not in self.people

    def is_dead(self, person: Pseudonym) -> bool:
        return any(self.people[one].dead for one in self._known(person))

    def _known(self, person: Pseudonym) -> list[Pseudonym]:
        return [one for one in self.same(person) if one in self.people and self.people[one].known]

    def tighten(self, people: Iterable[Pseudonym], closed: Iterable[Link]) -> int:
        """End shares around people who may be told less, and over links that give nothing."""
        ended: dict[Share, Reason] = {}
        affected = {one for person in people for one in self.same(person)}
        around = {(one, one) for one in affected}
        around |= {(g, c) for c, g in self.links if c in affected or g in affected}
        for recipient, about in around:
            if (reason := self.bar(recipient, about)) is not None:
                ended[recipient, about] = reason
        for child, guardian in closed:
            ended.setdefault((guardian, child), Reason.LINK_ENDED)
        self.end(ended)
        return len(ended)

    def bar(self, recipient: Pseudonym, about: Pseudonym) -> Reason | None:
        if self.is_dead(recipient) or self.is_dead(about):
            return Reason.DECEASED
        if any(self.people[one].erased_at is not None for one in (recipient, about)):
            return Reason.UNKNOWN_PERSON
        return Reason.PROTECTED if self.is_protected(recipient) or self.is_protected(about) else None

    def end(self, ended: dict[Share, Reason]) -> None:
        for share in self.shares & ended.keys():
            self.ended[share] = ended[share]
            self.shares.discard(share)

    def read_freshness(self, residents: str, proxies: str) -> Freshness:
        return Freshness(residents_complete_to=self._least(residents), proxies_complete_to=self._least(proxies))

    def _least(self, topic: str) -> datetime | None:
        places = [place for (name, _), place in self.places.items() if name == topic]
        instants = [place.complete_to for place in places if place.rebuild_to is None]
        known = [instant for instant in instants if instant is not None]
        return min(known) if places and len(known) == len(places) else None

    def live(self, topic: str) -> int:
        if "proxies" in topic:
            return sum(link.ended_at is None for link in self.links.values())
        return sum(person.known and person.erased_at is None for person in self.people.values())

    def braked(self, topic: str) -> set[Kind]:
        return {kind for (name, kind, _), hour in self.hours.items() if name == topic and hour.braked}

    def armed(self, topic: str) -> bool:
        places = [place for (name, _), place in self.places.items() if name == topic]
        return bool(places) and all(place.complete_to is not None for place in places)

    def count(self, topic: str, brake: Brake, now: datetime, before: int, kinds: dict[Kind, int]) -> list[Tripped]:
        """Add to the hour and brake what is too much."""
        tripped = []
        for kind, changes in sorted(kinds.items()):
            if changes and self.armed(topic):
                at = now.replace(minute=0, second=0, microsecond=0)
                hour = self.hours.setdefault((topic, kind, at), Hour(before))
                hour.changes += changes
                made, limit = hour.changes - hour.released_changes, brake.limit(hour.rows_before)
                if made >= limit and not hour.braked:
                    hour.braked = True
                    tripped.append(Tripped(kind=kind, changes=made, limit=limit))
        return tripped

    def claim(self, span: Span) -> Place | None:
        place = self.places.get((span.topic, span.partition))
        return place if place is not None and place.next_offset == span.expected else None

    def advance(self, span: Span, applied: int) -> bool:
        """Move the position; say whether a rebuild has read everything."""
        place = self.places[span.topic, span.partition]
        place.next_offset = span.next_offset
        beats = [at for at in (place.complete_to, span.complete_to) if at is not None]
        place.complete_to = max(beats, default=None)
        place.records += span.records
        place.applied += applied
        place.stale += span.stale(applied)
        return place.rebuild_to is not None and self.due(span.topic) is not None

    def due(self, topic: str) -> int | None:
        places = [place for (name, _), place in self.places.items() if name == topic]
        read = all(place.rebuild_to is not None and place.next_offset >= place.rebuild_to for place in places)
        return min(place.generation for place in places) if places and read else None


class FakeResidents:
    """The projection of `1177.residents`."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def apply(self, span: Span, waves: Sequence[ResidentRows], brake: Brake, now: datetime) -> Applied | None:
        house = self._house
        place = house.claim(span)
        if place is None:
            return None
        before = house.live(span.topic)
        kinds = self._foresee(waves)
        tripped = house.count(span.topic, brake, now, before, kinds)
        on = house.braked(span.topic)
        applied, worse = 0, set()
        for wave in waves:
            for one in wave.references:
                house.people.setdefault(one.pseudonym, Person())
            for row in wave.rows:
                if place.rebuild_to is not None and row.change.pseudonym in house.people:
                    house.people[row.change.pseudonym].generation = place.generation
                if self._put(row, place, on):
                    applied += 1
                    worse |= self._worse(row)
            for key in wave.gone:
                applied += house.people[key].erased_at is None
                worse |= {key}
                house.people[key].erased_at = house.people[key].erased_at or now
        shares = house.tighten(worse, ()) if worse else 0
        rebuilt = house.advance(span, applied)
        return Applied(applied=applied, shares_ended=shares, tripped=tuple(tripped), rebuilt=rebuilt)

    def _foresee(self, waves: Sequence[ResidentRows]) -> dict[Kind, int]:
        """Count what the waves will change; a key stands in two waves so rarely that the fake does not care."""
        kinds = dict.fromkeys((Kind.PROTECTION, Kind.DEATH, Kind.PROTECTION_LIFTED, Kind.TOMBSTONE), 0)
        for wave in waves:
            for row in wave.rows:
                old = self._house.people.get(row.change.pseudonym, Person())
                if old.row is not None and old.row.change.version < row.change.version:
                    kinds[Kind.PROTECTION] += row.change.protected and not old.protected
                    kinds[Kind.DEATH] += row.change.deceased is not None and not old.dead
                    kinds[Kind.PROTECTION_LIFTED] += old.protected and not old.lift and not row.change.protected
            for key in wave.gone:
                old = self._house.people.get(key, Person())
                kinds[Kind.TOMBSTONE] += old.erased_at is None and (
                    old.known or key in {r.change.pseudonym for r in wave.rows}
                )
        return kinds

    def _put(self, row: ResidentRow, place: Place, on: set[Kind]) -> bool:
        old = self._house.people.setdefault(row.change.pseudonym, Person(generation=place.generation))
        if old.row is not None and old.row.change.version >= row.change.version:
            return False
        holds = old.known and old.protected and not row.change.protected and Kind.PROTECTION_LIFTED in on
        if not (old.known and old.protected and (row.change.protected or holds)):
            old.protected_at = row.protected_at
        keeps = row.change.protected and Kind.PROTECTION in on
        old.phone = old.phone if keeps else row.phone
        old.protected, old.lift = row.change.protected or holds, holds
        old.row, old.erased_at, old.generation = row, None, place.generation
        named = set(row.change.linked) | ({row.change.replaced_by} - {None})
        self._house.declared[row.change.pseudonym] = named
        return True

    def _worse(self, row: ResidentRow) -> set[Pseudonym]:
        return {row.change.pseudonym} if row.change.protected or row.change.deceased or row.change.linked else set()


class FakeProxies:
    """The projection of `1177.proxies`."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def apply(self, span: Span, waves: Sequence[ProxyRows], brake: Brake, now: datetime) -> Applied | None:
        house = self._house
        place = house.claim(span)
        if place is None:
            return None
        before = house.live(span.topic)
        tripped = house.count(span.topic, brake, now, before, self._foresee(waves))
        hold = Kind.BLOCK_LIFTED in house.braked(span.topic)
        applied, closed = 0, set()
        for wave in waves:
            for one in wave.references:
                house.people.setdefault(one.pseudonym, Person())
            for change in wave.rows:
                applied += self._put(change, place, hold=hold)
                if not house.links[change.child, change.guardian].gives(local_day(now)):
                    closed.add((change.child, change.guardian))
            for key in wave.gone:
                if key in house.links and house.links[key].ended_at is None:
                    house.links[key].ended_at = now
                    applied += 1
                    closed.add(key)
        shares = house.tighten((), closed)
        rebuilt = house.advance(span, applied)
        return Applied(applied=applied, shares_ended=shares, tripped=tuple(tripped), rebuilt=rebuilt)

    def _foresee(self, waves: Sequence[ProxyRows]) -> dict[Kind, int]:
        links, kinds = self._house.links, {Kind.BLOCK_LIFTED: 0, Kind.TOMBSTONE: 0}
        for wave in waves:
            for change in wave.rows:
                old = links.get((change.child, change.guardian))
                if old is not None and old.change.version < change.version:
                    kinds[Kind.BLOCK_LIFTED] += old.blocked and not old.lift and not change.blocked
            kinds[Kind.TOMBSTONE] += sum(key in links and links[key].ended_at is None for key in wave.gone)
        return kinds

    def _put(self, change: ProxyChange, place: Place, *, hold: bool) -> bool:
        key = (change.child, change.guardian)
        old = self._house.links.get(key)
        if place.rebuild_to is not None and old is not None:
            old.generation = place.generation
        if old is not None and old.change.version >= change.version:
            return False
        holds = hold and old is not None and old.blocked and not change.blocked
        blocked = change.blocked or holds
        self._house.links[key] = Opted(change, blocked, lift=holds, generation=place.generation)
        return True


class FakeBrakes:
    """What people release."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def release(self, topic: str, kind: Kind, now: datetime) -> bool:
        hours = [hour for (name, one, _), hour in self._house.hours.items() if (name, one) == (topic, kind)]
        braked = [hour for hour in hours if hour.braked]
        for hour in braked:
            hour.braked, hour.released_changes = False, hour.changes
        return bool(braked)

    async def let_through(self, kind: Kind, limit: int) -> int:
        people, links = list(self._house.people.values()), list(self._house.links.values())
        if kind is Kind.BLOCK_LIFTED:
            waiting = [link for link in links if link.lift][:limit]
            for link in waiting:
                link.blocked = link.lift = False
            return len(waiting)
        if kind is Kind.PROTECTION_LIFTED:
            lifted = [person for person in people if person.lift][:limit]
            for person in lifted:
                person.protected = person.lift = False
                person.protected_at = None
            return len(lifted)
        if kind is Kind.PROTECTION:
            purged = [one for one in people if one.protected and one.phone is not None and not one.lift][:limit]
            for person in purged:
                person.phone = None
            return len(purged)
        return 0


class FakeRebuilt:
    """Either projection while it is being rebuilt; one page holds everything."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def find_due(self, topic: str) -> int | None:
        return self._house.due(topic)

    async def sweep(self, topic: str, generation: int, after: Cursor | None, brake: Brake, now: datetime) -> Swept:
        if after is not None:
            return Swept(after=None, gone=0)
        house, before = self._house, self._house.live(topic)
        if "proxies" in topic:
            links = [key for key, one in house.links.items() if one.generation < generation and one.ended_at is None]
            for key in links:
                house.links[key].ended_at = now
            house.tighten((), links)
            gone = len(links)
        else:
            people = [
                key
                for key, one in house.people.items()
                if one.known and one.generation < generation and one.erased_at is None
            ]
            for person in people:
                house.people[person].erased_at = now
            house.tighten(people, ())
            gone = len(people)
        tripped = house.count(topic, brake, now, before, {Kind.TOMBSTONE: gone})
        return Swept(after=(0,), gone=gone, tripped=tuple(tripped))

    async def finish(self, topic: str, generation: int) -> None:
        for (name, _), place in self._house.places.items():
            if name == topic and place.generation == generation:
                place.rebuild_to = None


class FakeShares:
    """What guardians are told about children."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def end_lapsed(self, day: date, age: int, limit: int, now: datetime) -> int:
        ended = {}
        for guardian, child in sorted(self._house.shares):
            link = self._house.links.get((child, guardian))
            row = self._house.people[child].row
            born = None if row is None else row.change.born_older
            if guardian != child and (reason := self._house.bar(guardian, child) or _lapse(link, born, day, age)):
                ended[guardian, child] = reason
        self._house.end(dict(list(ended.items())[:limit]))
        return min(len(ended), limit)


class FakeGraveyard:
    """Rows that a tombstone ended."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def erase_people(self, before: datetime, limit: int) -> int:
        people = self._house.people
        if self._is_braked():
            return 0
        gone = [key for key, one in people.items() if one.erased_at is not None and one.erased_at < before][:limit]
        named = {person for link in self._house.links for person in link}
        for key in gone:
            people.pop(key)
            if key in named:
                people[key] = Person()
        return len(gone)

    async def erase_links(self, before: datetime, limit: int) -> int:
        links = self._house.links
        if self._is_braked():
            return 0
        gone = [key for key, one in links.items() if one.ended_at is not None and one.ended_at < before][:limit]
        for key in gone:
            links.pop(key)
        return len(gone)

    def _is_braked(self) -> bool:
        return any(kind is Kind.TOMBSTONE and hour.braked for (_, kind, _), hour in self._house.hours.items())


def _lapse(link: Opted | None, born: date | None, day: date, age: int) -> Reason | None:
    if link is None or not link.gives(day):
        return Reason.LINK_ENDED
    return Reason.TOO_OLD_FOR_PROXY if born is None or day >= ombud_until(born, age) else None
