"""Identity numbers: what may be a subject, when it was born, where one hides in a reference (domain.md 2.3, A1, A2)."""

import re
from datetime import date
from typing import NewType

from notifier.domain.faults import Poison
from notifier.domain.reasons import DeadLetterReason

IdentityNumber = NewType("IdentityNumber", str)
"""Twelve characters that passed `parse_subject`; it never leaves `wire` but as a pseudonym."""

_COORDINATION = 60
"""What a coordination number adds to the day; 60 itself is an unknown day, month 00 an unknown month."""
_LAST_COORDINATION_DAY = 91
_MONTHS = 12
_LENGTH = 12
_CENTURIES = frozenset({"18", "19", "20"})

_PAIR = {f"{high}{low}": (2 * high - 9 * (high > 4)) + low for high in range(10) for low in range(10)}
"""What two digits add to a Luhn sum whose first weight is 2."""

_RESERVE = re.compile(
    r"(?P<series>2[2-9]|[3-8][0-9]|9[0-8])(?P<born>[0-9]{6})[A-HJ-NPR-UX-Z]{2}[0-9A-HJ-NPR-UX-Z][0-9]"
    r"|00[0-9]{2}[2-9][0-9][45][0-9][A-HJ-NPR-UX-Z]{2}[0-9A-HJ-NPR-UX-Z][0-9]"
)
"""A national reserve number. Its check digit is not verified: no source at hand says what the letters count for."""

_RUN = re.compile(r"(?<![0-9])([0-9]{2})?([0-9]{6})[-+]?([0-9]{4})(?![0-9])")
_HINT = re.compile(r"[01][0-9]{3}[-+]?[0-9]{4}(?![0-9])")
"""Month, day and the last four: what every such run ends with; a third of the time of `_RUN`."""


def parse_subject(text: str, field: str = "/subject") -> IdentityNumber:
    """Accept a personal, coordination or national reserve number of exactly 12 characters (A1), else raise Poison."""
    if len(text) != _LENGTH:
        raise Poison(DeadLetterReason.SUBJECT_INVALID, field)
    if text.isascii() and text.isdigit():
        return _parse_digits(text, field)
    match = _RESERVE.fullmatch(text)
    if match is None or (match["series"] is not None and _born_in_series(match) is None):
        raise Poison(DeadLetterReason.SUBJECT_INVALID, field)
    return IdentityNumber(text)


def born(number: IdentityNumber) -> date | None:
    """Give the birth date that the number itself carries (A12): None for unknown or impossible days."""
    if number.isdigit():
        day = int(number[6:8])
        return _day(int(number[:4]), int(number[4:6]), day - _COORDINATION if day > _COORDINATION else day)
    match = _RESERVE.fullmatch(number)
    return None if match is None or match["series"] is None else _born_in_series(match)


def hidden_in(text: str) -> bool:
    """Say whether an identity number hides in a text: a run of 10 or 12 digits with a date and check digit (A2)."""
    if not _HINT.search(text):
        return False
    return any(_is_number(*match.groups()) for match in _RUN.finditer(text))


def _parse_digits(text: str, field: str) -> IdentityNumber:
    month, day = int(text[4:6]), int(text[6:8])
    coordination = _COORDINATION <= day <= _LAST_COORDINATION_DAY and month <= _MONTHS
    if text[:2] not in _CENTURIES or not (coordination or _day(int(text[:4]), month, day)):
        raise Poison(DeadLetterReason.SUBJECT_INVALID, field)
    if not _checks(text[2:8], text[8:]):
        raise Poison(DeadLetterReason.CHECK_DIGIT, field)
    return IdentityNumber(text)


def _is_number(century: str | None, six: str, four: str) -> bool:
    """Judge one run; without a century 2000 stands for any: its leap years are those of 1800 and 1900 and one more."""
    if century is not None and century not in _CENTURIES:
        return False
    day = int(six[4:])
    shown = day - _COORDINATION if day > _COORDINATION else day
    return _checks(six, four) and _day(int((century or "20") + six[:2]), int(six[2:4]), shown) is not None


def _checks(six: str, four: str) -> bool:
    total = _PAIR[six[:2]] + _PAIR[six[2:4]] + _PAIR[six[4:]] + _PAIR[four[:2]] + _PAIR[four[2:]]
    return total % 10 == 0


def _born_in_series(match: re.Match[str]) -> date | None:
    """Read the century from the series: it is the century plus a multiple of three, so the remainder tells."""
    century = {1: "19", 2: "20"}.get(int(match["series"]) % 3)
    digits = match["born"]
    return None if century is None else _day(int(century + digits[:2]), int(digits[2:4]), int(digits[4:]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
