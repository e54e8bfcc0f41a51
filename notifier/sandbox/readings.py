"""What whoever watches the topics makes of a record, also of one that a stranger put there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec
import orjson

from notifier.wire.catalogue import Catalogue
from notifier.wire.envelopes import peek
from notifier.wire.records import RawRecord

BULK = "load-"
"""What the ids of events begin with that are too many to be shown one by one."""
_MOST_CHARACTERS = 1_000

Kind = Literal["event", "read", "acted", "withdrawn", "broken"]


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A record of the event topic; empty where it says nothing of the kind."""

    source: str
    id: str
    type: str
    title: Mapping[str, str]
    kind: Kind
    subject: str
    matter: str


class StatusReading(msgspec.Struct, frozen=True, kw_only=True):
    """A record of the status topic."""

    source: str
    id: str
    state: str
    reason: str | None
    at: datetime | None
    raw: str
    """As it stands there."""


class LetterReading(msgspec.Struct, frozen=True, kw_only=True):
    """A record of the topic of dead letters."""

    partition: int
    offset: int
    """Where the record stands that could not be used."""
    reason: str
    field: str | None
    raw: str


def read_record(record: RawRecord, catalogue: Catalogue) -> Reading:
    """Read a record of the event topic as well as it can be read."""
    event = peek(record)
    data = event["data"] if "data" in event else _load(record)
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


def read_status(record: RawRecord) -> StatusReading | None:
    """Read a record of the status topic; None for what is no status."""
    said = _load(record)
    if not isinstance(said, dict) or not (_text(said, "source") and _text(said, "id") and _text(said, "state")):
        return None
    return StatusReading(
        source=_text(said, "source"),
        id=_text(said, "id"),
        state=_text(said, "state"),
        reason=_text(said, "reason") or None,
        at=_moment(_text(said, "at")),
        raw=_spell(record),
    )


def read_letter(record: RawRecord) -> LetterReading | None:
    """Read a record of the topic of dead letters; None for what is none."""
    said = _load(record)
    if not isinstance(said, dict) or not _text(said, "reason"):
        return None
    partition, offset = said.get("partition"), said.get("offset")
    if not isinstance(partition, int) or not isinstance(offset, int):
        return None
    return LetterReading(
        partition=partition,
        offset=offset,
        reason=_text(said, "reason"),
        field=_text(said, "field") or None,
        raw=_spell(record),
    )


def _load(record: RawRecord) -> object:
    try:
        return orjson.loads(record.value or b"")
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


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _spell(record: RawRecord) -> str:
    return (record.value or b"").decode(errors="replace")[:_MOST_CHARACTERS]
