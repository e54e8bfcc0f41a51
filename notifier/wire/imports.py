"""Lines of import files (DESIGN 8): each one JSON object; here regions, and what all kinds share.

A fault is a sentence that never repeats a value: the line may hold an identity number or a token.
"""

import re
from datetime import date
from typing import Annotated, TypeVar

import msgspec

from notifier.domain.faults import Poison
from notifier.domain.identifiers import Pseudonym
from notifier.wire.numbers import parse_subject
from notifier.wire.pseudonyms import Pseudonymiser

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_Code = Annotated[str, msgspec.Meta(pattern="^[0-9]{2}$")]
_Organisation = Annotated[str, msgspec.Meta(pattern="^[0-9]{10}$")]
_WHERE = re.compile(r" - at `([^`]+)`$")
Line = TypeVar("Line", bound=msgspec.Struct)


class Unreadable(ValueError):
    """Why a line cannot be imported, as a sentence without its values."""


class Region(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A region and from when it has joined."""

    code: _Code
    name: _Text
    organisation: _Organisation
    joined: bool
    joined_from: date | None = msgspec.field(name="from", default=None)
    withhold_units: tuple[_Text, ...] = ()


def read_region(line: bytes) -> Region:
    """Read a region, or raise Unreadable."""
    region = decode_line(line, Region)
    if region.joined and region.joined_from is None:
        raise Unreadable("a region that has joined needs `from`, the day")
    return region


def decode_line(line: bytes, shape: type[Line]) -> Line:
    """Read one line of this shape, or raise Unreadable."""
    try:
        return msgspec.json.decode(line, type=shape)
    except msgspec.ValidationError as fault:
        raise Unreadable(_explain(str(fault))) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Unreadable("this is no JSON object") from None


def _explain(fault: str) -> str:
    """Keep only where the fault is, and what is missing: the rest may repeat a value."""
    if fault.startswith("Object missing required field"):
        return fault
    if (where := _WHERE.search(fault)) is not None:
        return f"`{where[1]}` is not as it must be"
    return "a field is not known" if fault.startswith("Object contains unknown field") else "this is no JSON object"


def read_person(number: str, field: str, pseudonymiser: Pseudonymiser) -> Pseudonym:
    """Name the person of an identity number, or raise Unreadable."""
    try:
        return pseudonymiser.pseudonym(parse_subject(number, field))
    except Poison:
        raise Unreadable(f"`{field}` is no identity number of 12 characters with a right check digit") from None
