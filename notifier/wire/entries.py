"""One checked file of the catalogue as values of the domain."""

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from notifier.domain.catalogue import EventType, Live, Useful, Weight
from notifier.wire.contract import Document

Title = Mapping[str, str]
"""By language; for screens behind a login only (B8)."""


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """One of B8's texts in clear, with the only values that Apple, Google and operators see for it (A28)."""

    key: str
    """Localisation key of APNs and FCM."""
    channel: str
    """Android notification channel."""
    category: str
    """APNs category."""
    words: Mapping[str, str]
    """By language."""


class _Useful(msgspec.Struct, frozen=True, kw_only=True, rename={"length": "for", "otherwise": "else"}):
    length: timedelta | None = None
    until: str | None = None
    plus: timedelta = timedelta()
    otherwise: timedelta | None = None


class _Entry(msgspec.Struct, frozen=True, kw_only=True, rename={"name": "type", "weight": "class"}):
    name: str
    revision: int
    category: str
    weight: Weight
    own_min_age: int
    proxy_max_age: int
    useful: _Useful
    fallback_after: timedelta | None
    warn_before: timedelta
    live: Live
    legacy_sends: bool
    texts: Mapping[str, str]
    link: str


def read_event_type(entry: Document) -> EventType:
    """Make the event type of a file of `schemas/events`."""
    read = msgspec.convert(entry, _Entry)
    values = msgspec.structs.asdict(read)
    texts = values.pop("texts")
    return EventType(**values | {"useful": _read_useful(read.useful)}, own_text=texts["own"], child_text=texts["child"])


def read_texts(document: Document) -> Mapping[str, Text]:
    """Make the closed list of `texts.json`."""
    return msgspec.convert(document, dict[str, Text])


def read_title(entry: Document) -> Title:
    """Give the title of a type or mark by language."""
    return msgspec.convert(entry["title"], dict[str, str])


def _read_useful(read: _Useful) -> Useful:
    length = read.length if read.until is None else read.otherwise
    return Useful(length=length, from_happens_at=read.until is not None, after=read.plus)
