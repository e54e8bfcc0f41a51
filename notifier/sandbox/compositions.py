"""What somebody tries out on the page, as its publisher would write it: events, marks, broken ones."""

import shlex
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import orjson

from notifier.sandbox.people import UNKNOWN

What = Literal["read", "acted", "withdrawn"]
BREAKAGES = 4


def address(example: Mapping[str, Any], subject: str, matter: str) -> dict[str, Any]:
    """Give an example as an event about somebody's new matter."""
    return {**example, "subject": subject, "data": {**example["data"], "matter": matter}}


def spell(event: Mapping[str, Any]) -> str:
    """Write an event for people to read and change."""
    return orjson.dumps(event, option=orjson.OPT_INDENT_2).decode()


def write_mark(source: str, type: str, subject: str, matter: str, what: What, by: str, now: datetime) -> bytes:
    """Write the mark that ends a matter, of the service that published `type` (DESIGN 8, B10)."""
    service = type.split(".")[2]
    data: dict[str, Any] = {"matter": matter, "at": now}
    if what != "withdrawn":
        data |= {"what": what, "by": by}
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": f"{what}-{matter}-{now:%Y%m%dT%H%M%S%f}",
            "source": source,
            "type": f"se.1177.{service}.matter.{'withdrawn' if what == 'withdrawn' else 'handled'}.v1",
            "subject": subject,
            "time": now,
            "datacontenttype": "application/json",
            "data": data,
        }
    )


def break_event(event: dict[str, Any], turn: int) -> bytes:
    """Break an event as publishers do, another way each turn: cut short, no subject, unknown type, number as matter."""
    match turn % BREAKAGES:
        case 0:
            return orjson.dumps(event)[:-40]
        case 1:
            return orjson.dumps({name: value for name, value in event.items() if name != "subject"})
        case 2:
            return orjson.dumps({**event, "type": "se.1177.inbox.letter.received.v1"})
        case _:
            return orjson.dumps({**event, "data": {**event["data"], "matter": UNKNOWN}})


def spell_kcat(bootstrap: str, topic: str, value: str) -> str:
    """Write the command that publishes the same from a shell; one line, for kcat sends each line as a record."""
    try:
        line = orjson.dumps(orjson.loads(value)).decode()
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        line = " ".join(value.split())
    header = "content-type=application/cloudevents+json"
    return f"printf '%s' {shlex.quote(line)} | kcat -P -b {bootstrap} -t {topic} -H {header}"
