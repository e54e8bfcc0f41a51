"""Several processes at once: no deadlock, whatever the order, and the same end as one after another (DESIGN 5)."""

import asyncio
import random
from datetime import date

import msgspec
import pytest

from notifier.domain.faults import Poison
from notifier.domain.reasons import DeadLetterReason
from notifier.postgres.pool import Pool, open_pool
from notifier.wire.records import Position, RawRecord, bury, unpack
from tests.projections.scenes import (
    BRAKE,
    NOW,
    PROXIES,
    RESIDENTS,
    PostgresBackend,
    Scene,
    gone,
    link,
    resident,
    who,
)

CROWD = [f"P{number:03}" for number in range(120)]
PARTITIONS = 4
ROUNDS = 12


def changes_of(partition: int, version: int, chance: random.Random) -> list:
    """Give a stretch of a partition: its own people in random order, who name people of every partition."""
    own = [name for number, name in enumerate(CROWD) if number % PARTITIONS == partition]
    chance.shuffle(own)
    changes = []
    for name in own:
        if chance.random() < 0.1:
            changes.append(gone(name))
        linked = tuple(who(chance.choice(CROWD)) for _ in range(chance.choice((0, 0, 1, 3))))
        named = tuple(other for other in dict.fromkeys(linked) if other != who(name))
        changes.append(resident(name, version, linked=named, protected=chance.random() < 0.2))
    return changes


def links_of(partition: int, version: int, chance: random.Random) -> list:
    """Give a stretch of links whose children are a partition's own."""
    own = [name for number, name in enumerate(CROWD) if number % PARTITIONS == partition]
    pairs = [(name, chance.choice(CROWD)) for name in own]
    chance.shuffle(pairs)
    return [
        link(child, guardian, version, blocked=chance.random() < 0.3) for child, guardian in pairs if child != guardian
    ]


async def read_partition(scene: Scene, partition: int) -> None:
    chance = random.Random(partition)
    for version in range(1, ROUNDS):
        await scene.meet(*changes_of(partition, version, chance), partition=partition)
        await scene.tie(*links_of(partition, version, chance), partition=partition)
        for name in chance.sample(CROWD[partition::PARTITIONS], 3):
            await scene.backend.count_share(name, name)


@pytest.mark.holds("R42", "A9")
async def test_partitions_that_name_each_other_never_deadlock(database: str):
    async with open_pool(database, "one") as one, open_pool(database, "two") as two:
        scenes = [Scene(PostgresBackend(pool)) for pool in (one, two)]
        for topic in (RESIDENTS, PROXIES):
            await scenes[0].backend.ensure(topic, range(PARTITIONS))
        async with asyncio.TaskGroup() as tasks:
            for partition in range(PARTITIONS):
                tasks.create_task(read_partition(scenes[partition % 2], partition))
        rows = await one.fetch("select version, count(*) from person where version is not null group by version")
        assert {row["version"]: row["count"] for row in rows} == {ROUNDS - 1: len(CROWD)}
        live = await one.fetchval("select sum(live_rows) from projection_position where topic = $1", RESIDENTS)
        assert live == await one.fetchval("select count(*) from person where version is not null and erased_at is null")


@pytest.mark.holds("R42", "B25")
async def test_links_are_exactly_what_the_newest_versions_declare(pool: Pool):
    scene = Scene(PostgresBackend(pool))
    await scene.begin()
    await scene.meet(resident("Ada", linked=(who("Bo"), who("Cia"))), resident("Bo", linked=(who("Ada"),)))
    await scene.meet(resident("Ada", 2, linked=(who("Dan"),), replaced_by=who("Eva")), resident("Bo", 1, linked=()))
    await scene.meet(resident("Ada", 1, linked=(who("Fay"),)))
    rows = await pool.fetch(
        "select p.lookup as person, o.lookup as other, d.lookup as declared_by from identity_link i"
        " join person p on p.id = i.person join person o on o.id = i.other join person d on d.id = i.declared_by"
    )
    links = {tuple(one.rstrip(b".").decode() for one in row) for row in rows}
    expected = {("Ada", "Dan", "Ada"), ("Ada", "Eva", "Ada"), ("Bo", "Ada", "Bo")}
    assert links == expected | {(other, person, declarer) for person, other, declarer in expected}
    replaced = await pool.fetchval(
        "select o.lookup from person p join person o on o.id = p.replaced_by where p.lookup = $1", who("Ada")
    )
    assert replaced == who("Eva")
    await scene.meet(resident("Ada", 3))
    assert await pool.fetchval("select count(*) from identity_link") == 2
    assert await pool.fetchval("select replaced_by from person where lookup = $1", who("Ada")) is None


@pytest.mark.holds("B24", "A9", "A6")
async def test_what_cannot_be_used_goes_sealed_to_the_table_and_is_counted(pool: Pool):
    backend = PostgresBackend(pool)
    backend.residents._seal = lambda record: record[::-1]
    scene = Scene(backend)
    await scene.begin()
    record = RawRecord(
        topic=RESIDENTS, partition=0, offset=1, key=b"x", headers=(), value=b"{}", timestamp_ms=0
    )  # fmt: skip
    letter = bury(record, Poison(DeadLetterReason.SCHEMA_VIOLATED, "/version"))
    stretch = scene._stretch(RESIDENTS, 0, (resident("Ada"),))
    mixed = msgspec.structs.replace(stretch, letters=(letter,), next_offset=3)
    assert await scene.residents.apply(mixed, BRAKE, NOW) is not None
    row = await pool.fetchrow("select * from dead_letter")
    assert (row["topic"], row["partition"], row["record_offset"], row["reason"], row["field"]) == (
        RESIDENTS, 0, 1, "schema_violated", "/version",
    )  # fmt: skip
    assert unpack(row["record"][::-1]).value == record.value
    place = await pool.fetchrow("select * from projection_position where topic = $1", RESIDENTS)
    counts = [place[name] for name in ("records", "applied", "stale", "tests", "heartbeats", "dead_letters")]
    assert counts == [3, 1, 0, 0, 1, 1]
    assert place["next_offset"] == 3
    assert letter.position == Position(topic=RESIDENTS, partition=0, offset=1)


@pytest.mark.holds("B13")
async def test_a_death_that_is_taken_back_leaves_devices_and_settings_as_they_were(pool: Pool):
    scene = Scene(PostgresBackend(pool))
    await scene.begin()
    await scene.meet(resident("Ada"))
    await pool.execute(
        "insert into preference (person, about, setting, is_on, changed_at)"
        " select id, id, 'push', false, $1 from person",
        NOW,
    )
    await scene.meet(resident("Ada", 2, deceased=date(2026, 11, 20)))
    await scene.meet(resident("Ada", 3))
    assert await pool.fetchval("select deceased_on from person") is None
    assert await pool.fetchval("select count(*) from preference") == 1
