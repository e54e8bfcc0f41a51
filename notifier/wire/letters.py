"""What a publisher is told of a record that could not be used (B24, DESIGN 8): a sentence, never a value."""

from collections.abc import Mapping
from types import MappingProxyType

import orjson

from notifier.domain.reasons import DeadLetterReason
from notifier.wire.records import DeadLetter

SENTENCES: Mapping[DeadLetterReason, str] = MappingProxyType(
    {
        DeadLetterReason.ATTRIBUTE_MISSING: (
            "The required attribute {field} is missing, null or empty; set it and publish the event again."
        ),
        DeadLetterReason.BATCH_MODE: (
            "The value is a JSON array, and batches are not accepted; publish each event as a record of its own."
        ),
        DeadLetterReason.BEYOND_HORIZON: (
            "The instant in {field} is more than 30 days old, too old to notify anybody;"
            " publish events when they happen."
        ),
        DeadLetterReason.CHECK_DIGIT: (
            "The identity number in {field} has a wrong check digit; correct it at the source and publish again."
        ),
        DeadLetterReason.EMPTY: "The record has no value; publish the whole event as its value.",
        DeadLetterReason.IDENTITY_IN_REFERENCE: (
            "An identity number hides in the reference {field}; use an opaque reference without any personal number."
        ),
        DeadLetterReason.ID_REUSED: (
            "This source has already used the id for an event with another content; give each event an id of its own."
        ),
        DeadLetterReason.MATTER_OF_ANOTHER: (
            "The matter in {field} already belongs to another subject; use matters that are unique within the source."
        ),
        DeadLetterReason.NESTED_TOO_DEEP: (
            "The JSON is nested more than 32 levels deep; publish the fields of the event type without such nesting."
        ),
        DeadLetterReason.NOT_ALLOWED: (
            "The publishers' register does not allow this source, type, region or unit on this topic, or region and"
            " unit disagree; use your own topic or ask for a change of the register."
        ),
        DeadLetterReason.NOT_JSON: "The value is not a JSON object; publish it as RFC 8259 says.",
        DeadLetterReason.NOT_UTF8: "The text in {field} is not valid UTF-8; encode it as UTF-8.",
        DeadLetterReason.NUL_CHARACTER: "A NUL character (U+0000) stands in {field}; remove it.",
        DeadLetterReason.SCHEMA_VIOLATED: (
            "The field {field} breaks the schema of the event type; compare it with the type's examples and correct it."
        ),
        DeadLetterReason.SPECVERSION: 'The attribute {field} is not "1.0"; publish CloudEvents of version 1.0.',
        DeadLetterReason.SUBJECT_INVALID: (
            "The field {field} is no personal, coordination or national reserve number of 12 characters without"
            " separator; give one of these."
        ),
        DeadLetterReason.TIME_IMPOSSIBLE: (
            "The instant in {field} lies further ahead or away than it can; check the clock that set it."
        ),
        DeadLetterReason.TIME_INVALID: (
            "The field {field} is no RFC 3339 instant with an offset; write it like 2026-11-22T08:00:00Z."
        ),
        DeadLetterReason.TOO_LARGE: "The value is larger than 256 KiB; publish references instead of content.",
        DeadLetterReason.TYPE_UNKNOWN: (
            "The event type in {field} is not in the catalogue; use a type from the catalogue or ask for a new one."
        ),
        DeadLetterReason.UNPROCESSABLE: (
            "The service could not process the record; its operators see it and will replay it or contact you."
        ),
        DeadLetterReason.VERSION_UNKNOWN: (
            "The event type in {field} exists, but not in that version; use a version from the catalogue."
        ),
    }
)
"""One per reason: what is wrong, where, and what to do."""


def explain(reason: DeadLetterReason, field: str | None) -> str:
    """Give the sentence for a reason; without a field it speaks of the record."""
    return SENTENCES[reason].format(field=field or "the record")


def encode_dead_letter(letter: DeadLetter) -> bytes:
    """Write the value of a record in `1177.dead-letters`; nothing of the record itself but safe source and id."""
    return orjson.dumps(
        {
            "topic": letter.position.topic,
            "partition": letter.position.partition,
            "offset": letter.position.offset,
            "reason": letter.reason,
            "field": letter.field,
            "message": explain(letter.reason, letter.field),
            "source": letter.source,
            "id": letter.id,
        }
    )
