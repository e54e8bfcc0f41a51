"""The made-up people, one for each thing that can keep a notice from somebody.

Their numbers are of the Tax Agency's test series (birth numbers 238, 239 and 980 to 999), which nobody has.
"""

import unicodedata
from datetime import date, timedelta
from typing import Literal

import msgspec

Platform = Literal["ios", "android"]
UNKNOWN = "199609252383"
"""Somebody whom no record of residents names."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One made-up resident."""

    name: str
    number: str
    story: str
    phones: tuple[Platform, ...] = ()
    region: str = "01"
    language: str = "sv"
    protected: bool = False
    deceased: date | None = None
    active: bool = True
    muted: str | None = None
    """A category of which they want no push."""
    quiet: tuple[str, str] | None = None

    @property
    def slug(self) -> str:
        """Their name as it stands in addresses."""
        return unicodedata.normalize("NFD", self.name.lower()).encode("ascii", "ignore").decode()

    @property
    def born(self) -> date:
        """The day their number begins with; of a coordination number the day counts 60 more."""
        day = int(self.number[6:8])
        return date(int(self.number[:4]), int(self.number[4:6]), day % 60)


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One made-up guardian of a child."""

    child: str
    guardian: str
    valid_from: date
    blocked: bool = False


def make_people(today: date) -> tuple[Person, ...]:
    """Make everybody; one child is always twelve until tomorrow."""
    return (
        Person(name="Tolvan", number="191212121212", story="two phones, guardian of two", phones=("ios", "android")),
        Person(name="Elsa", number="201806062384", story="a child: her guardians learn of it"),
        Person(
            name="Nils", number=_turning_13(today), story="turns 13 tomorrow: guardians until then", phones=("ios",)
        ),
        Person(name="Bertil", number="198001172397", story="blocked as guardian of both", phones=("ios",)),
        Person(name="Karin", number="198102642397", story="coordination number", phones=("android",), language="en"),
        Person(name="Agda", number="189001019802", story="no phone"),
        Person(name="Märta", number="195503152380", story="no push of messages", phones=("ios",), muted="messages"),
        Person(name="Sven", number="197204032390", story="protected", phones=("android",), protected=True),
        Person(name="Gun", number="196811292389", story="her region has not joined", phones=("ios",), region="09"),
        Person(name="Olle", number=_number(_years_before(today, 16), 239), story="sixteen", phones=("android",)),
        Person(name="Rut", number="193107082384", story="dead", phones=("ios",), deceased=date(2025, 3, 1)),
        Person(name="Per", number="199002282391", story="his account is closed", phones=("ios",), active=False),
        Person(name="Lovisa", number="198706212381", story="quiet at night", phones=("ios",), quiet=("21:00", "08:00")),
        Person(name="Ingrid", number="199111042389", story="guardian of Vide", phones=("ios", "android")),
        Person(name="Johan", number="198909142393", story="Vide's guardian from tomorrow", phones=("android",)),
        Person(name="Vide", number=_number(_years_before(today, 1), 239), story="a year old, two guardians"),
    )


def make_links(today: date) -> tuple[Link, ...]:
    """Make who is guardian of whom."""
    of = {person.name: person for person in make_people(today)}
    pairs = (
        ("Elsa", "Tolvan", of["Elsa"].born, False),
        ("Elsa", "Bertil", of["Elsa"].born, True),
        ("Nils", "Tolvan", of["Nils"].born, False),
        ("Nils", "Bertil", of["Nils"].born, True),
        ("Vide", "Ingrid", of["Vide"].born, False),
        ("Vide", "Johan", today + timedelta(days=1), False),
    )
    return tuple(
        Link(child=of[child].number, guardian=of[guardian].number, valid_from=start, blocked=blocked)
        for child, guardian, start, blocked in pairs
    )


def _turning_13(today: date) -> str:
    return _number(_years_before(today + timedelta(days=1), 13), 239)


def _years_before(day: date, years: int) -> date:
    """Give the day so many years earlier; where that year has no 29 February, the day after."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def _number(born: date, serial: int) -> str:
    digits = f"{born:%y%m%d}{serial:03}"
    doubled = (int(digit) * (2 if at % 2 == 0 else 1) for at, digit in enumerate(digits))
    return f"{born:%Y%m%d}{serial:03}{-sum(value // 10 + value % 10 for value in doubled) % 10}"
