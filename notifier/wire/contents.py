"""The `data` of events and marks, and the values that come of it once all else was checked (A3, A15, A22, B10)."""

from datetime import datetime
from typing import Literal, TypeVar

import msgspec

from notifier.domain.catalogue import EventType
from notifier.domain.events import Event, Mark, MarkKind
from notifier.domain.faults import Poison
from notifier.domain.identifiers import Pseudonym
from notifier.domain.reasons import DeadLetterReason
from notifier.wire.envelopes import Envelope
from notifier.wire.fingerprints import digest, event_key, matter_key
from notifier.wire.numbers import parse_subject
from notifier.wire.pseudonyms import Pseudonymiser
from notifier.wire.times import parse_moment, parse_past, parse_recent


class EventContent(msgspec.Struct, frozen=True, gc=False):
    """What the service reads of an event's data; how it must look, the type's schema says."""

    matter: str
    unit: str
    region: str
    happens_at: str | None = None
    visible_to_subject: bool = True
    proxies: Literal["allow", "withhold"] = "allow"
    live: bool = False


class MarkContent(msgspec.Struct, frozen=True, gc=False):
    """What the service reads of a mark's data; `by` and `what` may be missing (A22)."""

    matter: str
    at: str
    unit: str | None = None
    region: str | None = None
    by: str | None = None
    what: Literal["read", "acted"] = "read"


Content = TypeVar("Content", EventContent, MarkContent)


def read_content(data: dict[str, object], shape: type[Content]) -> Content:
    """Read data whose schema holds; Poison where a schema asks for less than the service reads."""
    try:
        return msgspec.convert(data, shape)
    except msgspec.ValidationError:
        raise Poison(DeadLetterReason.SCHEMA_VIOLATED, "/data") from None


def build_event(
    envelope: Envelope, content: EventContent, known: EventType, subject: Pseudonym, now: datetime
) -> Event:
    """Make the event, or raise Poison for a time that cannot be."""
    happens_at = content.happens_at
    return Event(
        key=event_key(envelope.source, envelope.id),
        digest=digest(envelope.type, subject, envelope.data),
        source=envelope.source,
        id=envelope.id,
        type=known,
        subject=subject,
        time=parse_recent(envelope.time, "/time", now),
        matter=content.matter,
        matter_key=matter_key(envelope.source, content.matter),
        unit=content.unit,
        region=content.region,
        happens_at=None if happens_at is None else parse_moment(happens_at, "/data/happens_at", now),
        visible_to_subject=content.visible_to_subject,
        proxies_allowed=content.proxies == "allow",
        live_asked=content.live,
    )


def build_mark(
    envelope: Envelope,
    content: MarkContent,
    name: Literal["handled", "withdrawn"],
    subject: Pseudonym,
    pseudonymiser: Pseudonymiser,
    now: datetime,
) -> Mark:
    """Make the mark, or raise Poison for a time that cannot be or a `by` that is nobody."""
    time = parse_recent(envelope.time, "/time", now)
    at = parse_past(content.at, "/data/at", now)
    by, data = subject, envelope.data
    if content.by is not None:
        by = pseudonymiser.pseudonym(parse_subject(content.by, "/data/by"))
        data = data | {"by": by.hex()}
    return Mark(
        key=event_key(envelope.source, envelope.id),
        digest=digest(envelope.type, subject, data),
        source=envelope.source,
        id=envelope.id,
        type=envelope.type,
        subject=subject,
        time=time,
        matter=content.matter,
        matter_key=matter_key(envelope.source, content.matter),
        kind=MarkKind.WITHDRAWN if name == "withdrawn" else MarkKind(content.what),
        at=at,
        by=by,
    )
