"""What whoever watches the event topic makes of a record, also of one that is no event."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
import orjson

from notifier.wire.catalogue import Catalogue
from notifier.wire.envelopes import peek
from notifier.wire.records import RawRecord

BULK = "load-"
"""What the ids of events begin with that are too many to be shown one by one."""
_MOST_CHARACTERS = 200

Kind = Literal["event", "read", "acted", "withdrawn", "broken"]


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A record; empty where it says nothing of the kind."""

    source: str
    id: str
    type: str
    title: Mapping[str, str]
    kind: Kind
    subject: str
    matter: str


def read_record(record: RawRecord, catalogue: Catalogue) -> Reading:
    """Read a record of the event topic as well as it can be read."""
    event = peek(record)
    data = event["data"] if "data" in event else _load(record.value or b"")
    data = data if isinstance(data, dict) else {}
    kind = _kind(_text(event, "type"), data, catalogue)
    title = catalogue.titles.get(_text(event, "type"), {})
    return Reading(
        source=_text(event, "source"),
        id=_text(event, "id"),
        type=_text(event, "type"),
        title=title if kind == "event" else {},
        kind=kind,
        subject=_text(event, "subject"),
        matter=_text(data, "matter"),
    )


def _load(value: bytes) -> object:
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return None


def _kind(type: str, data: Mapping[str, Any], catalogue: Catalogue) -> Kind:
    if type in catalogue.types:
        return "event"
    mark = catalogue.mark_kind(type)
    if mark == "withdrawn":
        return "withdrawn"
    if mark == "handled":
        return "acted" if data.get("what") == "acted" else "read"
    return "broken"


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    return value[:_MOST_CHARACTERS] if isinstance(value, str) else ""
