"""Step 1 of the path: from a raw record to an event, a mark, or Poison with its reason (DESIGN 3, B24)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

from notifier.domain.catalogue import EventType
from notifier.domain.events import Event, Mark
from notifier.domain.faults import Poison
from notifier.domain.reasons import DeadLetterReason
from notifier.wire.contents import Content, EventContent, MarkContent, build_event, build_mark, read_content
from notifier.wire.envelopes import Envelope, unwrap
from notifier.wire.numbers import IdentityNumber, parse_subject
from notifier.wire.pseudonyms import Pseudonymiser
from notifier.wire.records import Decoded, RawRecord, Read, appended_at, bury, position_of
from notifier.wire.references import check_references, mention


class Catalogue(Protocol):
    """What decoding asks of the event types."""

    @property
    def types(self) -> Mapping[str, EventType]:
        """Give the types of events by name; marks are not among them."""
        ...

    def violation(self, type_name: str, data: object) -> str | None:
        """Give a JSON pointer, from the event's root, to what breaks the type's schema; None if nothing does."""
        ...

    def mark_kind(self, type_name: str) -> Literal["handled", "withdrawn"] | None:
        """Say which mark a type is; None for an event and for a type that is not known."""
        ...

    def unknown(self, type_name: str) -> DeadLetterReason:
        """Say of a type that is not known whether it is the type or only its version."""
        ...


class Register(Protocol):
    """What decoding asks of the publishers' register (B20)."""

    def allowed(self, topic: str, source: str, type_name: str, region: str | None, unit: str | None) -> bool:
        """Say whether the topic may carry these, and whether region and unit agree; a mark may name neither."""
        ...


def decode_all(
    records: Sequence[RawRecord], catalogue: Catalogue, register: Register, pseudonymiser: Pseudonymiser, now: datetime
) -> Decoded:
    """Read one poll; each record comes out once, as a read or as a dead letter, in its order."""
    reads, letters = [], []
    for record in records:
        try:
            item = decode(record, catalogue, register, pseudonymiser, now)
        except Poison as poison:
            letters.append(bury(record, poison, *mention(record)))
        else:
            reads.append(Read(position=position_of(record), item=item, appended_at=appended_at(record, now)))
    return Decoded(reads=tuple(reads), letters=tuple(letters))


def decode(
    record: RawRecord, catalogue: Catalogue, register: Register, pseudonymiser: Pseudonymiser, now: datetime
) -> Event | Mark:
    """Read one record, or raise Poison (and nothing else) with a JSON pointer to the field at fault."""
    envelope = unwrap(record)
    if (known := catalogue.types.get(envelope.type)) is not None:
        number, event = _admit(record.topic, envelope, EventContent, catalogue, register)
        return build_event(envelope, event, known, pseudonymiser.pseudonym(number), now)
    if (name := catalogue.mark_kind(envelope.type)) is not None:
        number, mark = _admit(record.topic, envelope, MarkContent, catalogue, register)
        return build_mark(envelope, mark, name, pseudonymiser.pseudonym(number), pseudonymiser, now)
    raise Poison(catalogue.unknown(envelope.type), "/type")


def _admit(
    topic: str, envelope: Envelope, shape: type[Content], catalogue: Catalogue, register: Register
) -> tuple[IdentityNumber, Content]:
    """Check in this order: schema, subject, references, register."""
    if (field := catalogue.violation(envelope.type, envelope.data)) is not None:
        raise Poison(DeadLetterReason.SCHEMA_VIOLATED, field)
    content = read_content(envelope.data, shape)
    number = parse_subject(envelope.subject)
    check_references(envelope.source, envelope.id, content.matter, content.unit or "")
    if not register.allowed(topic, envelope.source, envelope.type, content.region, content.unit):
        raise Poison(DeadLetterReason.NOT_ALLOWED)
    return number, content
