"""What happens to the town and the processes beside the records: changes, halts, stalls, weather, crashes."""

from typing import TYPE_CHECKING

from notifier.domain.halts import Halt
from tests.domain.kinds import INBOX
from tests.simulation.changes import change_town
from tests.simulation.town import LANES
from tests.simulation.weather import FINE, LANE_WEATHERS

if TYPE_CHECKING:
    from tests.simulation.world import World

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
    what = world.chance.choice(
        (change_town, change_town, _crowd, _change_lane, _crash, _stop, _rebalance, _halt, _stall, _uninstall)
    )
    world.trace.append(f"{world.loop.time():.3f} {what.__name__}")
    what(world)


def _change_lane(world: "World") -> None:
    weather, lane = world.chance.choice(LANE_WEATHERS), world.chance.choice(LANES)
    world.weather.lanes[lane] = weather
    world.loop.call_later(world.chance.choice((3.0, 20.0)), world.weather.lanes.__setitem__, lane, FINE)


def _crowd(world: "World") -> None:
    """Many records at once while providers are slow, and changes about those whom they concern."""
    for _ in range(10):
        world.story.publish(world.now())
    for lane in LANES:
        world.weather.lanes[lane] = "slow"
        world.loop.call_later(6.0, world.weather.lanes.__setitem__, lane, FINE)
    for _ in range(3):
        world.loop.call_later(0.5 + 4 * world.chance.random(), change_town, world)


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
