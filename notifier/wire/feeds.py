"""Values of the compacted topics: typed and fast where they are right, field by field where they are not.

A wrong field must not keep a protection or a block from us: only `version` is refused (DESIGN 8), what else cannot
be used counts as missing, and every reading of "missing" is the one that tells nobody wrong.
"""

from typing import Annotated, Generic, TypeVar

import msgspec

from notifier.domain.faults import Poison
from notifier.domain.reasons import DeadLetterReason
from notifier.wire.envelopes import MOST_BYTES, MOST_LEVELS, parse_json
from notifier.wire.numbers import IdentityNumber, parse_subject

Version = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Value = TypeVar("Value", bound=msgspec.Struct)


class Shape(Generic[Value]):
    """Reads values of one type, whose only required field is `version`."""

    def __init__(self, shape: type[Value]) -> None:
        self._shape = shape
        self._decoder = msgspec.json.Decoder(shape)
        self._fields = {field.name: field.type for field in msgspec.structs.fields(shape)}

    def read(self, value: bytes) -> tuple[Value, tuple[str, ...]]:
        """Give the value and the names of fields that could not be used; Poison if it is no object with a version."""
        if len(value) > MOST_BYTES:
            raise Poison(DeadLetterReason.TOO_LARGE)
        try:
            return self._decoder.decode(value), ()
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self._salvage(parse_json(value, MOST_LEVELS))

    def _salvage(self, parsed: object) -> tuple[Value, tuple[str, ...]]:
        if not isinstance(parsed, dict):
            raise Poison(DeadLetterReason.SCHEMA_VIOLATED, "/")
        kept, faults = {}, []
        for name in self._fields.keys() & parsed.keys():
            try:
                kept[name] = msgspec.convert(parsed[name], self._fields[name])
            except msgspec.ValidationError:
                faults.append(name)
        if "version" not in kept:
            raise Poison(DeadLetterReason.SCHEMA_VIOLATED, "/version")
        return self._shape(**kept), tuple(sorted(faults))


def read_key(key: bytes | None) -> IdentityNumber:
    """Read an identity number from a record's key, or raise Poison."""
    try:
        return parse_subject((key or b"").decode(), "/key")
    except UnicodeDecodeError:
        raise Poison(DeadLetterReason.SUBJECT_INVALID, "/key") from None
