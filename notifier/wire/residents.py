"""Records of `1177.residents` (DESIGN 8, B7, B22, B25, A9, A12, A17)."""

import re
from datetime import date, datetime
from typing import Annotated

import msgspec

from notifier.domain.faults import Poison
from notifier.domain.identifiers import Pseudonym
from notifier.wire.feeds import Shape, Version, read_key
from notifier.wire.numbers import IdentityNumber, born, parse_subject
from notifier.wire.pseudonyms import Pseudonymiser
from notifier.wire.records import RawRecord

_Instant = Annotated[datetime, msgspec.Meta(tz=True)]
_DEAD_SINCE = date(1900, 1, 1)
"""For a death whose day cannot be read."""
_MOST_LINKED = 32
_REGION = re.compile(r"[0-9]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_EMAIL = re.compile(r"[!-?A-~]{1,64}@[!-?A-~]{1,189}")


class ResidentChange(msgspec.Struct, frozen=True, kw_only=True):
    """One version of one person, made safe: what is not said counts as the stricter (DESIGN 8, RULES)."""

    pseudonym: Pseudonym
    version: int = 0
    """0 for a tombstone, which keeps the last one (A9)."""
    tombstone: bool = False
    region: str = "00"
    born_younger: date | None = None
    born_older: date | None = None
    protected: bool = True
    deceased: date | None = None
    active: bool = False
    paper_opt_out: bool = False
    language: str = "sv"
    phone: str | None = None
    """E.164; with `email` absent for protected persons (B7)."""
    email: str | None = None
    contact_set_by: str | None = None
    """`self` or `guardian`; None is unknown (B2)."""
    contact_verified_at: datetime | None = None
    sms: bool = True
    email_on: bool = True
    changed_at: datetime | None = None
    linked: tuple[Pseudonym, ...] = ()
    replaced_by: Pseudonym | None = None
    test: bool = False
    faults: tuple[str, ...] = ()
    """Names of fields whose values could not be used and count as missing."""

    def __repr__(self) -> str:
        return f"ResidentChange(version={self.version})"


class _Resident(msgspec.Struct, frozen=True):
    version: Version
    region: str | None = None
    born: date | None = None
    protected: object = True
    deceased: object = None
    active: object = False
    paper_opt_out: object = False
    language: str | None = None
    phone: str | None = None
    email: str | None = None
    contact_set_by: str | None = None
    contact_verified_at: _Instant | None = None
    sms: object = True
    email_on: object = True
    changed_at: _Instant | None = None
    linked: list[str] = msgspec.field(default_factory=list)
    replaced_by: str | None = None
    test: object = False


_SHAPE = Shape(_Resident)


def decode_resident(record: RawRecord, pseudonymiser: Pseudonymiser) -> ResidentChange:
    """Read a person, or raise Poison for a key that is no number or a value without a version."""
    number = read_key(record.key)
    if record.value is None:
        return ResidentChange(pseudonym=pseudonymiser.pseudonym(number), tombstone=True)
    value, faults = _SHAPE.read(record.value)
    days = [day for day in (value.born, born(number)) if day is not None]
    protected = value.protected is not False
    return ResidentChange(
        pseudonym=pseudonymiser.pseudonym(number),
        version=value.version,
        region=_match(_REGION, value.region) or "00",
        born_younger=max(days, default=None),
        born_older=min(days, default=None),
        protected=protected,
        deceased=None if value.deceased is None else _read_death(value.deceased),
        active=value.active is True,
        paper_opt_out=value.paper_opt_out is True,
        language=_match(_LANGUAGE, value.language) or "sv",
        phone=None if protected else _match(_PHONE, value.phone),
        email=None if protected else _match(_EMAIL, value.email),
        contact_set_by=value.contact_set_by if value.contact_set_by in ("self", "guardian") else None,
        contact_verified_at=value.contact_verified_at,
        sms=value.sms is True,
        email_on=value.email_on is True,
        changed_at=value.changed_at,
        linked=_read_linked(value.linked, number, pseudonymiser) if value.linked else (),
        replaced_by=_read_other(value.replaced_by, number, pseudonymiser) if value.replaced_by else None,
        test=value.test is True,
        faults=faults,
    )


def _match(shape: re.Pattern[str], text: str | None) -> str | None:
    return text if text is not None and shape.fullmatch(text) else None


def _read_death(value: object) -> date | None:
    """Read the day of death; anything but false and null is a death (B13)."""
    if value is False:
        return None
    try:
        return msgspec.convert(value, date)
    except msgspec.ValidationError:
        return _DEAD_SINCE


def _read_linked(texts: list[str], own: IdentityNumber, pseudonymiser: Pseudonymiser) -> tuple[Pseudonym, ...]:
    others = (_read_other(text, own, pseudonymiser) for text in texts[:_MOST_LINKED])
    return tuple(dict.fromkeys(other for other in others if other is not None))


def _read_other(text: str, own: IdentityNumber, pseudonymiser: Pseudonymiser) -> Pseudonym | None:
    """Name another identity of the person; local reserve numbers and the own number say nothing here."""
    try:
        number = parse_subject(text)
    except Poison:
        return None
    return None if number == own else pseudonymiser.pseudonym(number)
