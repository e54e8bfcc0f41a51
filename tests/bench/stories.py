"""Events as e-services send them: every type of the catalogue, mostly messages, a tenth of all marks."""

import heapq
import json
import random
from base64 import b32encode
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import orjson

from tests.bench.people import Resident

MARKS = 0.1
MESSAGES = 0.6
_INBOX = "se.1177.inbox.message.received.v1"
_HANDLED = "se.1177.inbox.matter.handled.v1"
_APART = (500, 10_000)
"""How many records after its event a mark comes."""


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """One record of the topic of events."""

    key: bytes
    value: bytes


class Storyteller:
    """Tells any number of events about people; ids and matters are letters only, so that none looks like a number."""

    def __init__(self, people: Sequence[Resident], schemas: Path, run: str) -> None:
        self._people = people
        self._run = run
        self._chance = random.Random(run)
        self._templates = [_read_template(path) for path in sorted((schemas / "events").glob("*.json"))]
        self._inbox = next(one for one in self._templates if one["type"] == _INBOX)
        self._told = 0

    def tell(self, count: int) -> Iterator[Story]:
        """Tell as many records; marks that are not due when the story ends are not told."""
        due: list[tuple[int, str, Resident]] = []
        for at in range(count):
            if due and due[0][0] <= at:
                _, matter, person = heapq.heappop(due)
                yield self._tell_mark(matter, person)
                continue
            person = self._chance.choice(self._people)
            message = self._chance.random() < MESSAGES
            story, matter = self._tell_event(self._inbox if message else self._chance.choice(self._templates), person)
            if message and self._chance.random() < MARKS / MESSAGES:
                heapq.heappush(due, (at + self._chance.randint(*_APART), matter, person))
            yield story

    def _tell_event(self, template: dict[str, Any], person: Resident) -> tuple[Story, str]:
        name, now = self._name(), datetime.now(UTC)
        region = person.region
        data = template["data"] | {"matter": f"m-{name}", "unit": f"SE{region.organisation}-B", "region": region.code}
        if "happens_at" in data:
            data["happens_at"] = now + timedelta(days=2)
        event = template | {"id": name, "subject": person.number, "time": now, "data": data}
        return Story(key=data["matter"].encode(), value=orjson.dumps(event)), data["matter"]

    def _tell_mark(self, matter: str, person: Resident) -> Story:
        now = datetime.now(UTC)
        mark = {
            "specversion": "1.0",
            "id": self._name(),
            "source": self._inbox["source"],
            "type": _HANDLED,
            "subject": person.number,
            "time": now,
            "datacontenttype": "application/json",
            "data": {"matter": matter, "at": now, "what": "read"},
        }
        return Story(key=matter.encode(), value=orjson.dumps(mark))

    def _name(self) -> str:
        self._told += 1
        spelled = b32encode(self._told.to_bytes(5)).decode().translate(str.maketrans("234567", "uvwxyz"))
        return f"{self._run}-{spelled}"


def _read_template(path: Path) -> dict[str, Any]:
    template: dict[str, Any] = json.loads(path.read_bytes())["examples"]["good"][0]["event"]
    return template
