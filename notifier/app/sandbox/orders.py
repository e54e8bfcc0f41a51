"""What the page may ask for, by name: each order is read, followed, and answered in both languages."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
import orjson

from notifier.app.sandbox.faults import Faults
from notifier.app.sandbox.happenings import Happenings
from notifier.app.sandbox.load import Load
from notifier.app.sandbox.publishing import Desk
from notifier.app.sandbox.world import World
from notifier.domain.ages import STOCKHOLM
from notifier.domain.faults import Unavailable
from notifier.sandbox.answers import Answers, Refused
from notifier.sandbox.compositions import spell, spell_kcat
from notifier.sandbox.orders import (
    ClockOrder,
    ComposeOrder,
    LoadOrder,
    MarkOrder,
    PhoneOrder,
    PublishOrder,
    SwitchOrder,
    TextOrder,
)

Answer = Mapping[str, Any]


class Orders:
    """Follows them."""

    def __init__(self, world: World, desk: Desk, faults: Faults, load: Load, happenings: Happenings) -> None:
        self._world, self._desk, self._faults, self._load, self._happenings = world, desk, faults, load, happenings
        self._answers = Answers()
        self._orders: Mapping[str, tuple[type[msgspec.Struct], Callable[[Any], Awaitable[Answer]]]] = {
            "clock": (ClockOrder, self._move_clock),
            "compose": (ComposeOrder, self._compose),
            "load": (LoadOrder, self._set_load),
            "mark": (MarkOrder, self._mark),
            "phone": (PhoneOrder, self._handle_phone),
            "publish": (PublishOrder, self._publish),
            "renew": (TextOrder, self._renew),
            "switch": (SwitchOrder, self._switch),
            "validate": (TextOrder, self._validate),
        }

    async def follow(self, name: str, body: bytes) -> tuple[bool, Answer]:
        """Say whether an order was followed, and what is answered."""
        try:
            shape, follow = self._orders[name]
            return True, await follow(msgspec.json.decode(body, type=shape))
        except Refused as refused:
            return False, self._say(str(refused))
        except Unavailable:
            return False, self._say("away")
        except (KeyError, TypeError, ValueError):
            return False, self._say("bad_order")

    async def _publish(self, order: PublishOrder) -> Answer:
        match order.how:
            case "once":
                await self._desk.publish(order.event.encode())
                return self._say("published")
            case "twice":
                await self._desk.publish(order.event.encode(), order.event.encode())
                return self._say("published_twice")
            case "broken":
                await self._desk.publish_broken(_parse(order.event))
                return self._say("published_broken")
            case "thousand":
                await self._desk.publish_bulk()
                return self._say("published_bulk")

    async def _compose(self, order: ComposeOrder) -> Answer:
        return self._show(spell(self._desk.compose(order.type, order.subject)))

    async def _renew(self, order: TextOrder) -> Answer:
        return self._show(spell(self._desk.renew(_parse(order.event))))

    async def _validate(self, order: TextOrder) -> Answer:
        poison = self._desk.judge(order.event.encode())
        kcat = self._spell_kcat(order.event)
        if poison is None:
            return {"ok": True, "field": None, "kcat": kcat, **self._say("valid")}
        said = self._answers.explain(poison.reason, poison.field)
        return {"ok": False, "field": poison.field, "kcat": kcat, "said": said}

    async def _mark(self, order: MarkOrder) -> Answer:
        event = self._happenings.find_matter(order.source, order.matter)
        if event is None:
            raise Refused("unknown")
        by = order.by or order.subject
        await self._desk.mark(order.source, event.type, order.subject, order.matter, order.what, by)
        return self._say(f"marked_{order.what}")

    async def _move_clock(self, order: ClockOrder) -> Answer:
        by = None if order.forward == "midnight" else msgspec.convert(order.forward, timedelta)
        try:
            await (self._world.to_midnight() if by is None else self._world.forward(by))
        except ValueError:
            raise Refused("clock_end") from None
        return self._say("clock", time=f"{self._world.clock.now().astimezone(STOCKHOLM):%Y-%m-%d %H:%M}")

    async def _switch(self, order: SwitchOrder) -> Answer:
        try:
            await self._faults.turn(order.name, on=order.on)
        except ValueError:
            raise Refused("clock_end") from None
        return self._say(f"{order.name}_{'on' if order.on else 'off'}")

    async def _handle_phone(self, order: PhoneOrder) -> Answer:
        world, token = self._world, self._world.handsets[order.phone].token
        match order.act:
            case "offline" | "online":
                await world.orders.connect(token, online=order.act == "online")
            case "revoke":
                await world.orders.revoke(token, world.clock.now())
            case "restore":
                await world.reinstall(order.phone)
            case "replace":
                await world.replace(order.phone)
            case "dismiss":
                await world.orders.dismiss(token, order.key)
        return self._say(f"phone_{order.act}")

    async def _set_load(self, order: LoadOrder) -> Answer:
        self._load.set_rate(order.events_per_second)
        return self._say("load", rate=order.events_per_second)

    def _show(self, event: str) -> Answer:
        return {"event": event, "kcat": self._spell_kcat(event), **self._say("composed")}

    def _spell_kcat(self, event: str) -> str:
        house = self._world.house
        return spell_kcat(house.places.bootstrap, house.topic("events"), event)

    def _say(self, key: str, **values: object) -> Answer:
        return {"said": self._answers.say(key, **values)}


def _parse(text: str) -> dict[str, Any]:
    try:
        event = orjson.loads(text)
    except orjson.JSONDecodeError:
        event = None
    if not isinstance(event, dict):
        raise Refused("not_an_object")
    return event
