"""What happens to the town and the processes beside the records: changes, halts, stalls, weather, crashes."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from notifier.domain.halts import Halt
from notifier.domain.identifiers import PersonId
from notifier.domain.reasons import Reason
from tests.domain.kinds import INBOX
from tests.fakes.people import Share, tie, tighten
from tests.fakes.tables import Calm
from tests.simulation.town import LANES, PEOPLE
from tests.simulation.weather import FINE, LANE_WEATHERS

if TYPE_CHECKING:
    from tests.simulation.run import World

_HALTS = (
    Halt(channel="push"),
    Halt(channel="all", source="urn:se:1177:inkorg"),
    Halt(channel="push", type=INBOX.name),
    Halt(channel="push", region="01"),
)


def happen(world: "World") -> None:
    """Let one thing happen, if trouble is not over."""
    if world.weather.calm:
        return
    what = world.chance.choice((
        _change_town, _change_town, _change_town, _change_lane, _crash, _stop, _rebalance, _halt, _stall, _uninstall,
    ))  # fmt: skip
    world.trace.append(f"{world.loop.time():.3f} {what.__name__}")
    what(world)


def _change_lane(world: "World") -> None:
    weather, lane = world.chance.choice(LANE_WEATHERS), world.chance.choice(LANES)
    world.weather.lanes[lane] = weather
    world.loop.call_later(world.chance.choice((3.0, 20.0)), world.weather.lanes.__setitem__, lane, FINE)


def _crash(world: "World") -> None:
    if alive := world.alive():
        world.chance.choice(alive).crash()


def _stop(world: "World") -> None:
    """Stand still, perhaps past every lease, and go on as if nothing had been."""
    if alive := world.alive():
        process, now = world.chance.choice(alive), world.loop.time()
        process.stopped_until = now + world.chance.choice((1.0, 6.0, 13.0, 70.0))
        world.stops.append((process.name, now, process.stopped_until + 1))
        world.rebalance()


def _rebalance(world: "World") -> None:
    world.rebalance()


def _halt(world: "World") -> None:
    halts = () if world.halts else (world.chance.choice(_HALTS),)
    world.halts = halts
    world.chronicle("halts", halts)
    world.loop.call_later(world.chance.choice((4.0, 30.0)), _resume, world)


def _resume(world: "World") -> None:
    world.halts = ()
    world.chronicle("halts", ())


def _stall(world: "World") -> None:
    feed = world.chance.choice(("residents", "proxies"))
    (world.stalled.discard if feed in world.stalled else world.stalled.add)(feed)


def _uninstall(world: "World") -> None:
    device = world.chance.choice(sorted(world.tables.devices))
    world.post.uninstalled.add(str(device))


def _change_town(world: "World") -> None:
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


class Change:
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
