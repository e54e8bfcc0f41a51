"""CloudEvents 1.0 in Kafka, structured and binary (A1): from a raw record to checked attributes and data.

Headers with `ce_specversion` mean binary; otherwise a JSON object with `specversion` is structured, whatever
the content type says. Header values are UTF-8 without percent-encoding (Kafka protocol binding 3.2).
"""

import re
from collections.abc import Mapping

import msgspec
import orjson

from notifier.domain.faults import Poison
from notifier.domain.reasons import DeadLetterReason
from notifier.wire.records import RawRecord

MOST_BYTES = 256 * 1024
MOST_LEVELS = 32
"""How deep `data` may be nested; the structured envelope around it adds one."""
_BOUNDS = {"id": 256, "source": 256, "type": 128, "subject": None, "time": None}
_READ = frozenset({"specversion", *_BOUNDS})
_ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*+\\u0000")
_BRACKETS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+|[\[{]|[\]}]', re.DOTALL)


class Envelope(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The attributes of an event and its data, of version 1.0; `time` is not yet read, `data` not yet checked."""

    id: str
    source: str
    type: str
    subject: str
    time: str
    data: dict[str, object]

    def __repr__(self) -> str:
        return f"Envelope({self.type!r})"


def unwrap(record: RawRecord) -> Envelope:
    """Read the envelope of a record, whichever its mode, or raise Poison with a JSON pointer to what is at fault."""
    if not record.value:
        raise Poison(DeadLetterReason.EMPTY)
    if len(record.value) > MOST_BYTES:
        raise Poison(DeadLetterReason.TOO_LARGE)
    if b"\0" in record.value or (b"\\u0000" in record.value and _ESCAPED_NUL.search(record.value)):
        raise Poison(DeadLetterReason.NUL_CHARACTER)
    headers = _read_headers(record)
    if headers is not None:
        return _check(headers, parse_json(record.value, MOST_LEVELS))
    event = parse_json(record.value, MOST_LEVELS + 1)
    if isinstance(event, list):
        raise Poison(DeadLetterReason.BATCH_MODE)
    if not isinstance(event, dict):
        raise Poison(DeadLetterReason.NOT_JSON)
    return _check(event, event.get("data"))


def peek(record: RawRecord) -> Mapping[str, object]:
    """Give a broken record's attributes unchecked, as far as they can be read at all."""
    try:
        headers = _read_headers(record)
        if headers is not None:
            return headers
        event = parse_json(record.value or b"", MOST_LEVELS + 1) if len(record.value or b"") <= MOST_BYTES else None
    except Poison:
        return {}
    return event if isinstance(event, dict) else {}


def parse_json(value: bytes, levels: int) -> object:
    """Parse JSON at most `levels` deep, or raise Poison."""
    if value.count(b"{") + value.count(b"[") > levels and _is_deeper(value, levels):
        raise Poison(DeadLetterReason.NESTED_TOO_DEEP)
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        raise Poison(_say_why_unreadable(value)) from None


def _read_headers(record: RawRecord) -> dict[str, object] | None:
    """Give the attributes of a binary event; None for another mode. A name that is written twice is refused."""
    found: dict[str, bytes | None] = {}
    twice = None
    for name, value in record.headers:
        attribute = name.lower()[3:] if name[:3].lower() == "ce_" else ""
        if attribute in _READ:
            twice = attribute if attribute in found else twice
            found[attribute] = value
    if "specversion" not in found:
        return None
    if twice is not None:
        raise Poison(DeadLetterReason.SCHEMA_VIOLATED, f"/{twice}")
    return {attribute: _read_header(attribute, value) for attribute, value in found.items()}


def _read_header(attribute: str, value: bytes | None) -> str | None:
    if value is None:
        return None
    try:
        text = value.decode()
    except UnicodeDecodeError:
        raise Poison(DeadLetterReason.NOT_UTF8, f"/{attribute}") from None
    if "\0" in text:
        raise Poison(DeadLetterReason.NUL_CHARACTER, f"/{attribute}")
    return text


def _check(attributes: Mapping[str, object], data: object) -> Envelope:
    version = attributes.get("specversion")
    if version is None:
        raise Poison(DeadLetterReason.ATTRIBUTE_MISSING, "/specversion")
    if version != "1.0":
        raise Poison(DeadLetterReason.SPECVERSION, "/specversion")
    texts = {name: _check_text(name, attributes.get(name), most) for name, most in _BOUNDS.items()}
    if data is None:
        raise Poison(DeadLetterReason.ATTRIBUTE_MISSING, "/data")
    if not isinstance(data, dict):
        raise Poison(DeadLetterReason.SCHEMA_VIOLATED, "/data")
    return Envelope(data=data, **texts)


def _check_text(name: str, value: object, most: int | None) -> str:
    if value is None or value == "":
        raise Poison(DeadLetterReason.ATTRIBUTE_MISSING, f"/{name}")
    if not isinstance(value, str) or (most is not None and len(value) > most):
        raise Poison(DeadLetterReason.SCHEMA_VIOLATED, f"/{name}")
    return value


def _is_deeper(value: bytes, levels: int) -> bool:
    """Follow the brackets outside strings, without recursion and before any parser does."""
    depth = 0
    for token in _BRACKETS.finditer(value):
        first = value[token.start()]
        depth += (first in b"[{") - (first in b"]}")
        if depth > levels:
            return True
    return False


def _say_why_unreadable(value: bytes) -> DeadLetterReason:
    try:
        value.decode()
    except UnicodeDecodeError:
        return DeadLetterReason.NOT_UTF8
    return DeadLetterReason.NOT_JSON
