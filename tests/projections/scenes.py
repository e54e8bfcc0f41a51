"""A scene: the projections over the fake or over PostgreSQL, seen through one pair of glasses."""

import itertools
import os
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

import msgspec

from notifier.dispatch.brakes import Brake, Brakes
from notifier.dispatch.erasures import Graveyard
from notifier.dispatch.facts import Fact
from notifier.dispatch.layouts import ProxyLayout, ResidentLayout
from notifier.dispatch.link_endings import Shares
from notifier.dispatch.projections import Projection
from notifier.dispatch.rebuilds import Rebuilt
from notifier.dispatch.stretches import Applied, ProxyRows, ResidentRows, Store, Stretch
from notifier.domain.freshness import Freshness
from notifier.domain.identifiers import Pseudonym
from notifier.postgres.brakes import PostgresBrakes
from notifier.postgres.erasures import PostgresGraveyard
from notifier.postgres.pool import Pool
from notifier.postgres.positions import Positions
from notifier.postgres.proxies import PostgresProxies
from notifier.postgres.rebuilds import RebuiltProxies, RebuiltResidents
from notifier.postgres.residents import PostgresResidents
from notifier.postgres.shares import PostgresShares
from notifier.wire.contacts import ContactSealer
from notifier.wire.heartbeats import Heartbeat
from notifier.wire.keys import Key
from notifier.wire.proxies import ProxyChange
from notifier.wire.pseudonyms import BlindIndex
from notifier.wire.residents import ResidentChange
from notifier.wire.seals import Sealer
from tests.fakes.projections import (
    FakeBrakes,
    FakeGraveyard,
    FakeProxies,
    FakeRebuilt,
    FakeResidents,
    FakeShares,
    House,
    Place,
)

RESIDENTS, PROXIES = "1177.residents", "1177.proxies"
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
BRAKE = Brake(share=0.001, floor=100)
BORN = date(2016, 5, 1)
CONTACTS = ContactSealer(
    Sealer(Key(id=1, secret=bytes(range(32))), entropy=os.urandom), BlindIndex(Key(id=1, secret=bytes(range(1, 33))))
)
_numbers = itertools.count(1)


def who(name: str) -> Pseudonym:
    """Give a made-up person's pseudonym; names sort as they read."""
    return Pseudonym(name.encode().ljust(32, b"."))


def resident(name: str, version: int = 1, **fields: object) -> ResidentChange:
    """Describe a living, unprotected, active person of Stockholm."""
    usual = {"region": "01", "born_younger": BORN, "born_older": BORN, "protected": False, "active": True}
    return msgspec.structs.replace(ResidentChange(pseudonym=who(name), version=version), **usual | fields)


def gone(name: str) -> ResidentChange:
    """Describe a person's tombstone."""
    return ResidentChange(pseudonym=who(name), tombstone=True)


def link(child: str, guardian: str, version: int = 1, **fields: object) -> ProxyChange:
    """Describe an opt-in that holds."""
    usual = {"guardian_relation": True, "valid_from": date(2020, 5, 1), "blocked": False, "version": version}
    return msgspec.structs.replace(ProxyChange(child=who(child), guardian=who(guardian)), **usual | fields)


def unlinked(child: str, guardian: str) -> ProxyChange:
    """Describe a link's tombstone."""
    return ProxyChange(child=who(child), guardian=who(guardian), tombstone=True)


class SeenPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A person as the projection has it."""

    version: int | None
    protected: bool
    protected_at: datetime | None
    has_phone: bool
    erased: bool


class SeenLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link as the projection has it."""

    version: int
    blocked: bool
    ended: bool


class Backend(Protocol):
    """What holds the projections."""

    residents: Store[ResidentRows]
    proxies: Store[ProxyRows]
    brakes: Brakes
    shares: Shares
    graveyard: Graveyard

    def rebuilt(self, topic: str) -> Rebuilt: ...
    async def ensure(self, topic: str, partitions: Sequence[int]) -> None: ...
    async def begin_rebuild(self, topic: str, ends: dict[int, int]) -> None: ...
    async def freshness(self) -> Freshness: ...
    async def place(self, topic: str, partition: int) -> Place: ...
    async def person(self, name: str) -> SeenPerson | None: ...
    async def link(self, child: str, guardian: str) -> SeenLink | None: ...
    async def count_share(self, recipient: str, about: str) -> None: ...
    async def shares_left(self) -> set[tuple[str, str]]: ...


class FakeBackend:
    """The projections in memory."""

    def __init__(self) -> None:
        self.house = House()
        self.residents = FakeResidents(self.house)
        self.proxies = FakeProxies(self.house)
        self.brakes = FakeBrakes(self.house)
        self.shares = FakeShares(self.house)
        self.graveyard = FakeGraveyard(self.house)

    def rebuilt(self, topic: str) -> Rebuilt:
        return FakeRebuilt(self.house)

    async def ensure(self, topic: str, partitions: Sequence[int]) -> None:
        for partition in partitions:
            self.house.places.setdefault((topic, partition), Place())

    async def begin_rebuild(self, topic: str, ends: dict[int, int]) -> None:
        for partition, end in ends.items():
            place = self.house.places[topic, partition]
            place.next_offset, place.rebuild_to, place.generation = 0, end, place.generation + 1

    async def freshness(self) -> Freshness:
        return self.house.read_freshness(RESIDENTS, PROXIES)

    async def place(self, topic: str, partition: int) -> Place:
        return self.house.places[topic, partition]

    async def person(self, name: str) -> SeenPerson | None:
        one = self.house.people.get(who(name))
        if one is None:
            return None
        return SeenPerson(
            version=None if one.row is None else one.row.change.version,
            protected=one.protected,
            protected_at=one.protected_at if one.protected else None,
            has_phone=one.phone is not None,
            erased=one.erased_at is not None,
        )

    async def link(self, child: str, guardian: str) -> SeenLink | None:
        one = self.house.links.get((who(child), who(guardian)))
        if one is None:
            return None
        return SeenLink(version=one.change.version, blocked=one.blocked, ended=one.ended_at is not None)

    async def count_share(self, recipient: str, about: str) -> None:
        self.house.shares.add((who(recipient), who(about)))

    async def shares_left(self) -> set[tuple[str, str]]:
        return {(_name(recipient), _name(about)) for recipient, about in self.house.shares}


class PostgresBackend:
    """The projections in the real thing."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.positions = Positions(pool)
        self.residents = PostgresResidents(pool, 1, lambda record: record)
        self.proxies = PostgresProxies(pool, 1, lambda record: record)
        self.brakes = PostgresBrakes(pool)
        self.shares = PostgresShares(pool)
        self.graveyard = PostgresGraveyard(pool)

    def rebuilt(self, topic: str) -> Rebuilt:
        return RebuiltResidents(self.pool) if topic == RESIDENTS else RebuiltProxies(self.pool)

    async def ensure(self, topic: str, partitions: Sequence[int]) -> None:
        await self.positions.ensure(topic, partitions)

    async def begin_rebuild(self, topic: str, ends: dict[int, int]) -> None:
        await self.positions.begin_rebuild(topic, {partition: (0, end) for partition, end in ends.items()})

    async def freshness(self) -> Freshness:
        return await self.positions.freshness(RESIDENTS, PROXIES)

    async def place(self, topic: str, partition: int) -> Place:
        row = await self.pool.fetchrow(
            "select next_offset, complete_to, rebuild_to, generation, records, applied, stale"
            " from projection_position where topic = $1 and partition = $2",
            topic,
            partition,
        )
        return Place(**dict(row))

    async def person(self, name: str) -> SeenPerson | None:
        row = await self.pool.fetchrow("select * from person where lookup = $1", who(name))
        if row is None:
            return None
        return SeenPerson(
            version=row["version"],
            protected=row["protected"],
            protected_at=row["protected_at"],
            has_phone=row["phone"] is not None,
            erased=row["erased_at"] is not None,
        )

    async def link(self, child: str, guardian: str) -> SeenLink | None:
        row = await self.pool.fetchrow(
            "select version, blocked, ended_at is not null as ended from proxy where child = $1 and guardian = $2",
            await self.id_of(child),
            await self.id_of(guardian),
        )
        return None if row is None else SeenLink(**dict(row))

    async def id_of(self, name: str) -> int:
        return await self.pool.fetchval("select id from person where lookup = $1", who(name))

    async def count_share(self, recipient: str, about: str) -> None:
        """Let one matter count as unread, as an opening does."""
        person, represented = await self.id_of(recipient), await self.id_of(about)
        await self.pool.execute(
            "insert into reader (matter, recipient, about, counted, touched_on) values ($1, $2, $3, true, $4)",
            next(_numbers).to_bytes(16),
            person,
            represented,
            NOW.date(),
        )
        await self.pool.execute(
            "insert into badge as b (recipient, unread, version) values ($1, 1, 1)"
            " on conflict (recipient) do update set unread = b.unread + 1, version = b.version + 1",
            person,
        )

    async def shares_left(self) -> set[tuple[str, str]]:
        rows = await self.pool.fetch(
            "select distinct p.lookup as recipient, a.lookup as about from reader r"
            " join person p on p.id = r.recipient join person a on a.id = r.about where r.counted"
        )
        return {(_name(row["recipient"]), _name(row["about"])) for row in rows}


class Scene:
    """The use cases over one backend, on a clock of their own."""

    def __init__(self, backend: Backend, *, production: bool = True) -> None:
        self.backend = backend
        self.facts: list[Fact] = []
        self.now = NOW
        self._offsets: dict[tuple[str, int], int] = {}
        layout = ResidentLayout(CONTACTS, os.urandom, production=production)
        self.residents = Projection(backend.residents, layout, self.facts.append, time.monotonic)
        self.proxies = Projection(backend.proxies, ProxyLayout(os.urandom), self.facts.append, time.monotonic)

    async def begin(self, partitions: int = 1) -> None:
        """Make all partitions of both topics known and complete."""
        for topic in (RESIDENTS, PROXIES):
            await self.backend.ensure(topic, range(partitions))
            for partition in range(partitions):
                await self.beat(topic, partition)

    async def meet(self, *changes: ResidentChange, partition: int = 0) -> Applied | None:
        """Read residents."""
        return await self.residents.apply(self._stretch(RESIDENTS, partition, changes), BRAKE, self.now)

    async def tie(self, *changes: ProxyChange, partition: int = 0) -> Applied | None:
        """Read proxies."""
        return await self.proxies.apply(self._stretch(PROXIES, partition, changes), BRAKE, self.now)

    async def beat(self, topic: str, partition: int = 0, at: datetime | None = None) -> None:
        """Read a heartbeat."""
        beats = (Heartbeat(partition=partition, complete_to=at or self.now),)
        projection = self.residents if topic == RESIDENTS else self.proxies
        assert await projection.apply(self._stretch(topic, partition, (), beats), BRAKE, self.now) is not None

    async def rewind(self, topic: str, ends: dict[int, int]) -> None:
        """Begin a rebuild from offset 0."""
        await self.backend.begin_rebuild(topic, ends)
        self._offsets |= dict.fromkeys(((topic, partition) for partition in ends), 0)

    def wait(self, pause: timedelta) -> None:
        """Let the clock go on."""
        self.now += pause

    def _stretch(self, topic, partition, changes, beats=()):
        expected = self._offsets.get((topic, partition), 0)
        following = expected + len(changes) + len(beats)
        self._offsets[topic, partition] = following
        return Stretch(
            topic=topic,
            partition=partition,
            expected=expected,
            next_offset=following,
            changes=tuple(changes),
            heartbeats=tuple(beats),
        )


def _name(pseudonym: bytes) -> str:
    return pseudonym.rstrip(b".").decode()
