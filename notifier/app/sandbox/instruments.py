"""Clock, switches, figures, health and account, read again and again onto the board."""

import asyncio
from collections.abc import Mapping
from functools import partial

from notifier.app.reach import make_cluster
from notifier.app.sandbox.board import Board
from notifier.app.sandbox.figures import PARTS, Figures
from notifier.app.sandbox.service import Service
from notifier.app.sandbox.viewing import view_account
from notifier.app.sandbox.world import World
from notifier.dispatch.accounting import draw_account
from notifier.domain.faults import Unavailable
from notifier.kafka.counting import count_records
from notifier.postgres.accounting import StoredBooks
from notifier.postgres.surveying import Surveyor
from notifier.sandbox.gauge_views import ClockView, PartState, PartView, SwitchView

_PATIENCE_SECONDS = 2


class Instruments:
    """What an operator would look at."""

    def __init__(self, world: World, service: Service, board: Board, figures: Figures) -> None:
        self._world, self._service, self._board, self._figures = world, service, board, figures
        self.faults = {"apns_down": False, "fcm_slow": False}
        house = world.house
        self._surveyor = Surveyor(house.pool, house.topic("residents"), house.topic("proxies"))

    async def show_clock(self) -> None:
        """Show the business clock and the switches."""
        clock = self._world.clock
        self._board.put("clock", "clock", ClockView(now=clock.now(), ahead=clock.ahead, left=clock.left))
        toggles = self.faults | {"proxies_stale": self._world.feeds.proxies_stale}
        switches = [SwitchView(name=name, kind="toggle", on=on) for name, on in toggles.items()]
        switches += [SwitchView(name=name, kind="once") for name in ("restart_postgres", "kill_dispatcher")]
        self._board.put("switches", "switches", tuple(switches))

    async def show_figures(self) -> None:
        """Show figures and health; raises Unavailable."""
        self._board.put("figures", "figures", await self._figures.read())
        whys = await self._figures.ask_parts()
        parts = [_dispatcher(alive=self._service.ready, answers=bool(whys)), *_behind(whys)]
        self._board.put("health", "health", (*parts, *await self._providers(), *await self._feeds()))

    async def show_account(self) -> None:
        """Draw the account and show it; raises Unavailable."""
        house = self._world.house
        cluster = make_cluster(house.settings, house.places.bootstrap)
        account = await draw_account(StoredBooks(house.pool), partial(count_records, cluster))
        self._board.put("account", "account", view_account(account))

    async def _providers(self) -> list[PartView]:
        """Say how the simulated providers are: as they were told to be, or away."""
        there = await self._world.orders.answers()
        ill = {"apns": self.faults["apns_down"], "fcm": self.faults["fcm_slow"]}
        return [PartView(name=name, state="ill" if fault or not there else "ready") for name, fault in ill.items()]

    async def _feeds(self) -> list[PartView]:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                known = (await self._surveyor.survey()).freshness
        except (Unavailable, TimeoutError):
            return [PartView(name=name, state="ill") for name in ("residents", "proxies")]
        policy, now = self._world.house.contract.policy, self._world.clock.now()
        ends = (
            ("residents", known.residents_complete_to, policy.resident_stale_after),
            ("proxies", known.proxies_complete_to, policy.proxy_stale_after),
        )
        return [
            PartView(name=name, state="ill" if end is None or now - end > stale_after else "ready")
            for name, end, stale_after in ends
        ]


def _behind(whys: Mapping[str, str | None]) -> list[PartView]:
    """Say how the parts behind the dispatcher are, in its words; while it does not answer nobody knows."""
    if not whys:
        return [PartView(name=name, state="starting") for name in PARTS]
    return [PartView(name=name, state="ill" if why else "ready", why=why) for name, why in whys.items()]


def _dispatcher(*, alive: bool, answers: bool) -> PartView:
    state: PartState = "ready" if alive and answers else "ill" if alive else "starting"
    return PartView(name="dispatcher", state=state)
