"""What the projections learn of people in the middle of a story, and whom it forbids to be told (A30)."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

from notifier.domain.identifiers import PersonId
from notifier.domain.reasons import Reason
from tests.fakes.people import Share, tie, tighten
from tests.fakes.tables import Calm
from tests.simulation.town import PEOPLE

if TYPE_CHECKING:
    from tests.simulation.world import World


def change_town(world: "World") -> None:
    person = world.story.somebody_involved() if world.chance.random() < 0.7 else world.chance.randint(1, PEOPLE)
    what = world.chance.choice((_block, _unlink, _protect, _bury, _equip, _equip, _arrive, _mute, _loosen))
    world.loop.create_task(_project(world, what, PersonId(person)))


async def _project(world: "World", what: "Change", person: PersonId) -> None:
    """Change the projection in one transaction, and let every lane hear whom it concerns."""
    tables, chance = world.tables, world.chance
    async with tables.begin(Calm(), "project"):
        ended, trusted_after = what(world, person, world.now())
        people = tighten(tables, ended, world.now(), trusted_after) if ended else []
        if chance.random() < 0.5:
            await asyncio.sleep(0)
    for process in world.processes:
        world.loop.call_later(chance.random() * 0.2, process.hear, people)


Ended = tuple[Mapping[Share, Reason], datetime | None]


class Change(Protocol):
    """A change of the projections: what it ends, and which devices keep what they have."""

    def __call__(self, world: "World", person: PersonId, now: datetime) -> Ended: ...


def _links_of(world: "World", person: PersonId) -> list[tuple[PersonId, PersonId]]:
    return [link for link in sorted(world.tables.links) if person in link]


def _around(world: "World", person: PersonId, reason: Reason) -> dict[Share, Reason]:
    return {(person, person): reason} | {(g, c): reason for c, g in _links_of(world, person)}


def _block(world: "World", person: PersonId, now: datetime) -> Ended:
    return _close(world, person, Reason.BLOCKED, blocked=True)


def _unlink(world: "World", person: PersonId, now: datetime) -> Ended:
    return _close(world, person, Reason.LINK_ENDED, ended=True)


def _close(world: "World", person: PersonId, reason: Reason, **change: bool) -> Ended:
    links = _links_of(world, person)
    for child, guardian in links[:1]:
        tie(world.tables, child, guardian, msgspec.structs.replace(world.tables.links[child, guardian], **change))
        return {(guardian, child): reason}, None
    return {}, None


def _protect(world: "World", person: PersonId, now: datetime) -> Ended:
    if world.tables.persons[person].protected:
        return {}, None
    world.town.change(person, protected=True, protected_at=now)
    return _around(world, person, Reason.PROTECTED), now


def _bury(world: "World", person: PersonId, now: datetime) -> Ended:
    world.town.change(person, deceased=True)
    return _around(world, person, Reason.DECEASED), None


def _equip(world: "World", person: PersonId, now: datetime) -> Ended:
    world.town.register(person, now)
    return {}, None


def _arrive(world: "World", person: PersonId, now: datetime) -> Ended:
    unknown = [one for one in sorted(world.tables.persons) if not world.tables.persons[one].known]
    if unknown:
        world.town.change(world.chance.choice(unknown), known=True, protected=False, active=True, joined=True)
    return {}, None


def _mute(world: "World", person: PersonId, now: datetime) -> Ended:
    muted = frozenset() if world.tables.muted.get((person, person)) else frozenset({"push"})
    world.tables.muted.put((person, person), muted)
    world.tables.note("muted", ((person, person), muted))
    return {}, None


def _loosen(world: "World", person: PersonId, now: datetime) -> Ended:
    world.town.change(person, protected=False, deceased=False, active=True)
    for child, guardian in _links_of(world, person):
        link = msgspec.structs.replace(world.tables.links[child, guardian], blocked=False, ended=False)
        tie(world.tables, child, guardian, link)
    return {}, None
