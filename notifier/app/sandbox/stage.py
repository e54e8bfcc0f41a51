"""The sandbox put together: the dispatcher as a child, the made-up world, the page, and what keeps them going."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from notifier.app.house import open_house
from notifier.app.places import Places
from notifier.app.reach import make_cluster
from notifier.app.sandbox import screen
from notifier.app.sandbox.app_side import AppSide
from notifier.app.sandbox.board import Board
from notifier.app.sandbox.clock import MovedClock
from notifier.app.sandbox.faults import Faults
from notifier.app.sandbox.figures import Figures
from notifier.app.sandbox.happenings import Happenings
from notifier.app.sandbox.instruments import Instruments
from notifier.app.sandbox.keeping import is_kept, keep
from notifier.app.sandbox.load import Load
from notifier.app.sandbox.orders import Orders
from notifier.app.sandbox.phones import PhoneOrders
from notifier.app.sandbox.pocket import Pocket
from notifier.app.sandbox.publishing import Desk
from notifier.app.sandbox.service import Service
from notifier.app.sandbox.site import Site
from notifier.app.sandbox.watching import again, shielded
from notifier.app.sandbox.why import Why
from notifier.app.sandbox.world import World
from notifier.app.terminal import say
from notifier.http import serve_page
from notifier.kafka.producer import ProducerSettings, open_producer
from notifier.kafka.tail import Tail
from notifier.sandbox import UNKNOWN, write_event
from notifier.settings import Settings

_NEWEST = 200
_SOON, _SECOND, _SOMETIMES = timedelta(milliseconds=100), timedelta(seconds=1), timedelta(seconds=2)
Work = Coroutine[Any, Any, None]


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that acts."""

    world: World
    service: Service
    board: Board
    happenings: Happenings
    pocket: Pocket
    instruments: Instruments
    load: Load
    desk: Desk
    site: Site


async def play(settings: Settings, places: Places) -> None:
    """Serve the page and play until cancelled; Misconfigured where the dispatcher will not live."""
    state, control = places.state, places.control
    if state is None or control is None:
        raise RuntimeError("a sandbox has a state folder and simulators")
    async with AsyncExitStack() as stack:
        clock = MovedClock(state)
        house = await stack.enter_async_context(open_house(settings, places, now=clock.now))
        service = Service(settings, places, state / "notifier", say)
        stack.push_async_callback(service.close)
        await service.open()
        cluster = make_cluster(settings, places.bootstrap)
        producer = await stack.enter_async_context(open_producer(ProducerSettings(cluster=cluster)))
        world = World(house, clock, PhoneOrders(control), producer, state)
        stage = set_up(world, service)
        await stage.instruments.show_clock()
        await world.move_in()
        await stack.enter_async_context(serve_page(settings.http.host, settings.http.port, stage.site))
        await _go_on(stage, state / "welcomed")


def set_up(world: World, service: Service) -> Stage:
    """Put together what acts around a world."""
    house, board = world.house, Board()
    happenings = Happenings(board, house.contract.catalogue, world.name_of, world.clock.read)
    pocket, desk = Pocket(world, board), Desk(world)
    figures = Figures(f"http://{house.settings.http.internal_host}:{house.settings.http.internal_port}")
    instruments = Instruments(world, service, board, figures)
    load = Load(desk, board)
    orders = Orders(world, desk, Faults(world, service, instruments), load, happenings)
    why, app_side = Why(world, happenings, pocket), AppSide(world, happenings, pocket)
    site = Site(world, board, happenings, orders, why, app_side)
    return Stage(
        world=world,
        service=service,
        board=board,
        happenings=happenings,
        pocket=pocket,
        instruments=instruments,
        load=load,
        desk=desk,
        site=site,
    )


async def _go_on(stage: Stage, welcomed: Path) -> None:
    """Keep everything going; in a fresh state, where the file `welcomed` is not there, everybody gets a message."""
    house, instruments = stage.world.house, stage.instruments
    async with asyncio.TaskGroup() as group:
        group.create_task(stage.service.run())
        group.create_task(house.patience("feeds").insist(stage.world.feeds.beat))
        group.create_task(stage.load.run())
        for work in _watches(stage):
            group.create_task(work)
        group.create_task(again(house, _SOON, stage.pocket.look))
        group.create_task(again(house, _SECOND, partial(_require_parts, house.places)))
        group.create_task(again(house, _SECOND, instruments.show_clock))
        group.create_task(again(house, _SECOND, instruments.show_figures))
        group.create_task(again(house, _SOMETIMES, instruments.show_account))
        screen.show_places(house)
        screen.show_people(stage.world.people)
        if not is_kept(welcomed):
            await house.patience("welcome").insist(partial(_welcome, stage))
            keep(welcomed, b"")


def _watches(stage: Stage) -> list[Work]:
    house, happenings = stage.world.house, stage.happenings
    cluster = make_cluster(house.settings, house.places.bootstrap)
    topics = {
        "events": happenings.take_events,
        "status": happenings.take_statuses,
        "dead-letters": happenings.take_letters,
    }
    tails = {name: Tail(cluster, {house.topic(name): _NEWEST}) for name in topics}
    return [
        house.patience(f"page {name}").insist(partial(tails[name].follow, shielded(house, take)))
        for name, take in topics.items()
    ]


async def _require_parts(places: Places) -> None:
    """End with a sentence where Kafka, PostgreSQL or the simulators are gone: nothing goes on without them."""
    places.require()


async def _welcome(stage: Stage) -> None:
    """Publish a message for each of the people, and one for nobody."""
    await stage.world.feeds.refresh()
    now = stage.world.clock.now()
    subjects = [person.number for person in stage.world.people] + [UNKNOWN]
    await stage.desk.publish(*(write_event(number, f"hello-{at}", now) for at, number in enumerate(subjects)))
