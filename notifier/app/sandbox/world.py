"""The made-up world while the sandbox runs: who lives there, their phones, its clock."""

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import msgspec

from notifier.app.house import House
from notifier.app.sandbox.clock import MovedClock
from notifier.app.sandbox.feeds import Feeds
from notifier.app.sandbox.keeping import keep, spoilt
from notifier.app.sandbox.moving_in import move_in, register
from notifier.app.sandbox.phones import PhoneOrders
from notifier.domain.ages import local_day, midnight
from notifier.kafka.producer import Producer
from notifier.sandbox import Handset, make_handsets, make_links, make_people, write_devices

_BEYOND = timedelta(minutes=1)
"""So much older than they may be are proxies that were made stale (A8)."""


class World:
    """Everything made up around one house."""

    def __init__(self, house: House, clock: MovedClock, orders: PhoneOrders, producer: Producer, home: Path) -> None:
        self.house, self.clock, self.orders, self.producer = house, clock, orders, producer
        self.feeds = Feeds(house, producer)
        self._file = home / "handsets.json"
        self._generations = _read_generations(self._file)
        self.since = self._today()
        """The day from which tomorrow is reckoned in everybody's story."""
        self.people = make_people(self.since)
        self.handsets: Mapping[str, Handset] = make_handsets(self.people, self._generations)
        self._moving = asyncio.Lock()

    def name_of(self, number: str) -> str:
        """Give a person's name; empty for somebody who does not live here."""
        return next((person.name for person in self.people if person.number == number), "")

    async def move_in(self) -> None:
        """Let everybody move in; what is there already stays."""
        await self.orders.set_clock(self.clock.ahead)
        await move_in(self.house, self.people, self.handsets.values())
        await self.orders.name({one.token: one.alias for one in self.handsets.values()})
        await self.feeds.publish(self.people, make_links(self.since))

    async def forward(self, by: timedelta) -> None:
        """Move the clock, and return when the feeds are complete at the new time; ValueError if it is too far."""
        async with self._moving:
            self.clock.forward(by)
            await self.orders.set_clock(self.clock.ahead)
            await self.feeds.refresh()

    async def to_midnight(self) -> None:
        """Move the clock to the beginning of the next day in Stockholm."""
        await self.forward(midnight(self._today() + timedelta(days=1)) - self.clock.now() + timedelta(seconds=1))

    async def set_proxies_stale(self, *, stale: bool) -> None:
        """Let the proxies' feed fall silent for longer than it may, or speak; ValueError too near the clock's end."""
        by = self.house.contract.policy.proxy_stale_after + _BEYOND
        if stale and self.clock.left < by:
            raise ValueError("the clock cannot be moved so far any more")
        self.feeds.proxies_stale = stale
        if stale:
            await self.forward(by)
        else:
            await self.feeds.refresh()

    async def replace(self, slug: str) -> None:
        """Give somebody a new phone instead of the one they had: a new token, registered now."""
        old = self.handsets[slug]
        generations = self._generations | {slug: old.generation + 1}
        new = make_handsets(self.people, generations)[slug]
        await self.orders.revoke(old.token, self.clock.now())
        await self.orders.name({new.token: new.alias})
        await register(self.house, write_devices([new], self.clock.now()))
        keep(self._file, msgspec.json.encode(generations))
        self._generations, self.handsets = generations, make_handsets(self.people, generations)
        await self.orders.forget(old.token)

    async def reinstall(self, slug: str) -> None:
        """Install the app again on a phone that it was removed from: the token is good, and registered now."""
        handset = self.handsets[slug]
        await self.orders.restore(handset.token)
        await register(self.house, write_devices([handset], self.clock.now()))

    def _today(self) -> date:
        return local_day(self.clock.now())


def _read_generations(file: Path) -> dict[str, int]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, int]) if file.exists() else {}
    except msgspec.DecodeError:
        raise spoilt(file) from None
