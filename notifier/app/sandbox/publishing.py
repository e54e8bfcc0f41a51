"""What is published from the page, through Kafka as any publisher would: one event, twice, broken, a thousand."""

import random
import secrets
from collections.abc import Mapping
from typing import Any

import orjson

from notifier.app.house import House
from notifier.app.publish import STRUCTURED, renew_event
from notifier.app.sandbox.world import World
from notifier.app.schemas import read_files
from notifier.app.validate import prepare_refusal
from notifier.domain.faults import Poison
from notifier.kafka.producer import OutgoingRecord
from notifier.sandbox import Person
from notifier.sandbox.compositions import What, address, break_event, write_mark
from notifier.sandbox.readings import BULK

_BULK = 1_000
_EVENTS = "events/"


class Desk:
    """Composes, judges and publishes."""

    def __init__(self, world: World) -> None:
        house = world.house
        self._world, self._topic = world, house.topic("events")
        self._examples = _read_examples(house)
        self._refuse = prepare_refusal(read_files(house.settings), house.prefix, None)
        self._turn = 0

    def compose(self, type: str, subject: str) -> dict[str, Any]:
        """Give a fresh event of a type about somebody; KeyError for a type that is not there."""
        fresh = renew_event(self._examples[type], self._world.clock.now())
        return address(fresh, subject, _new_matter())

    def renew(self, event: dict[str, Any]) -> dict[str, Any]:
        """Give the event as if it happened now, under a new id and about a new matter."""
        fresh = renew_event(event, self._world.clock.now())
        data = fresh.get("data")
        return fresh if not isinstance(data, dict) else fresh | {"data": data | {"matter": _new_matter()}}

    def judge(self, value: bytes) -> Poison | None:
        """Say why the event would be refused, by the code that refuses; None if it would be taken."""
        return self._refuse(value, self._world.clock.now())

    async def publish(self, *values: bytes) -> None:
        """Publish values in order."""
        await self._world.producer.publish_records(
            self._topic, [OutgoingRecord(value=value, headers=STRUCTURED) for value in values]
        )

    async def publish_broken(self, event: dict[str, Any]) -> None:
        """Publish the event broken, another way each time."""
        broken = break_event(self.renew(event), self._turn)
        self._turn += 1
        await self.publish(broken)

    async def publish_bulk(self, count: int = _BULK) -> None:
        """Publish many events of all types to everybody with a phone; they are counted on the page, not listed."""
        people = [person for person in self._world.people if person.phones]
        await self.publish(*(self._make_bulk(people) for _ in range(count)))

    async def mark(self, source: str, type: str, subject: str, matter: str, what: What, by: str) -> None:
        """Say that a matter was read or acted on by somebody, or withdrawn."""
        await self.publish(write_mark(source, type, subject, matter, what, by, self._world.clock.now()))

    def _make_bulk(self, people: list[Person]) -> bytes:
        name, person = random.choice(list(self._examples)), random.choice(people)  # noqa: S311 - no secret
        event = self.compose(name, person.number)
        return orjson.dumps(event | {"id": f"{BULK}{secrets.token_hex(8)}"})


def _new_matter() -> str:
    return f"m-{secrets.token_hex(4)}"


def _read_examples(house: House) -> Mapping[str, dict[str, Any]]:
    """Give the first good example of each type of the catalogue."""
    files = read_files(house.settings)
    documents = [orjson.loads(files[name]) for name in sorted(files) if name.startswith(_EVENTS)]
    return {one["type"]: one["examples"]["good"][0]["event"] for one in documents}
