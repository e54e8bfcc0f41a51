"""What can be made to fail from the page, and made well again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from signal import SIGKILL

from notifier.app.sandbox.instruments import Instruments
from notifier.app.sandbox.service import Service
from notifier.app.sandbox.world import World

_WELL: Mapping[str, object] = {}
_DOWN: Mapping[str, object] = {"condition": "down", "status": 503}
_SLOW: Mapping[str, object] = {"condition": "slow", "slow_seconds": 5}


class Faults:
    """The switches of the page."""

    def __init__(self, world: World, service: Service, instruments: Instruments) -> None:
        self._world, self._service, self._instruments = world, service, instruments
        self._turning = asyncio.Lock()
        self._turns: Mapping[str, Callable[[bool], Awaitable[None]]] = {
            "apns_down": self._turn_apns,
            "fcm_slow": self._turn_fcm,
            "proxies_stale": self._turn_proxies,
            "restart_postgres": self._restart_postgres,
            "kill_dispatcher": self._kill_dispatcher,
        }

    async def turn(self, name: str, *, on: bool) -> None:
        """Turn a switch, one at a time; KeyError for one that is not there, ValueError if the clock cannot follow."""
        async with self._turning:
            await self._turns[name](on)
        await self._instruments.show_clock()

    async def _turn_apns(self, on: bool) -> None:
        await self._world.orders.set_condition("apns", _DOWN if on else _WELL)
        self._instruments.faults["apns_down"] = on

    async def _turn_fcm(self, on: bool) -> None:
        await self._world.orders.set_condition("fcm", _SLOW if on else _WELL)
        self._instruments.faults["fcm_slow"] = on

    async def _turn_proxies(self, on: bool) -> None:
        await self._world.set_proxies_stale(stale=on)

    async def _restart_postgres(self, _on: bool) -> None:
        postgres = self._world.house.places.postgres
        if postgres is not None:
            await postgres.restart(SIGKILL)

    async def _kill_dispatcher(self, _on: bool) -> None:
        self._service.kill()
