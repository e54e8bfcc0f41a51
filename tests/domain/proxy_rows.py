"""Rows of the proxy matrix: birth dates, days, conditions, and the people that they describe."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from notifier.domain.people import Ombud, Person
from tests.domain.cast import CHILD, MOTHER, a_device, a_link, a_person
from tests.domain.kinds import INBOX, JOURNAL, UNTIL_16
from tests.domain.oracle import Case

FLAG_AT = datetime(2005, 1, 1, tzinfo=UTC)


class Birth(NamedTuple):
    """A birth date with the days on which the two limits fall, by age, as a calendar shows them."""

    born: date
    own_from: dict[int, date]
    ombud_until: dict[int, date]


JUNE = Birth(
    date(2007, 6, 15),
    {13: date(2020, 6, 15), 16: date(2023, 6, 15)},
    {13: date(2020, 6, 15), 16: date(2023, 6, 15)},
)


NEW_YEAR = Birth(
    date(2008, 1, 1),
    {13: date(2021, 1, 1), 16: date(2024, 1, 1)},
    {13: date(2021, 1, 1), 16: date(2024, 1, 1)},
)


LEAP_DAY = Birth(
    date(2008, 2, 29),
    {13: date(2021, 3, 1), 16: date(2024, 2, 29)},
    {13: date(2021, 2, 28), 16: date(2024, 2, 29)},
)


TYPES = {"inbox": (INBOX, 13, 13), "journal": (JOURNAL, 16, 13), "shared until 16": (UNTIL_16, 13, 16)}


CONDITIONS: dict[str, dict[str, Any]] = {
    "nothing special": {},
    "child dead": {"child_dead": True},
    "child protected": {"child_protected": True},
    "child protected, phone confirmed since": {"child_protected": True, "child_device_since_flag": True},
    "guardian dead": {"guardian_dead": True},
    "guardian protected": {"guardian_protected": True},
    "guardian inactive": {"guardian_state": "inactive"},
    "guardian under 13": {"guardian_state": "under 13"},
    "guardian's region not joined": {"guardian_state": "not joined"},
    "guardian unknown": {"guardian_state": "unknown"},
    "blocked": {"blocked": True},
    "another relation": {"relation": "sibling"},
    "link not yet valid": {"link": "not yet"},
    "link's first day": {"link": "first day"},
    "link's last day": {"link": "last day"},
    "link ends today": {"link": "ended today"},
    "link ended": {"link": "ended"},
    "link's tombstone": {"link": "tombstone"},
    "withheld from everybody": {"withheld": "from everybody"},
    "withheld from guardians": {"withheld": "from guardians"},
}


def days_around_birthdays(birth: Birth) -> list[date]:
    """Give the day before, the day and the day after each birthday from 0 to 18; the leap child's from 27 February."""
    days = set()
    for age in range(19):
        year = birth.born.year + age
        leap = (birth.born.month, birth.born.day) == (2, 29)
        first = date(year, 2, 27) if leap else birth.born.replace(year=year) - timedelta(days=1)
        days |= {first + timedelta(days=step) for step in range(5 if leap else 3)}
    return sorted(days)


def a_case(birth: Birth, today: date, own: int, proxy: int, condition: dict[str, Any]) -> Case:
    """Make one row."""
    return Case(today=today, own_from=birth.own_from[own], ombud_until=birth.ombud_until[proxy], **condition)


def link_dates(case: Case) -> dict[str, Any]:
    """Give the link's dates: `valid_from` is its first day, `valid_to` the first day without it (A14)."""
    day = timedelta(days=1)
    dates: dict[str, dict[str, Any]] = {
        "in force": {},
        "first day": {"valid_from": case.today},
        "not yet": {"valid_from": case.today + day},
        "last day": {"valid_to": case.today + day},
        "ended today": {"valid_to": case.today},
        "ended": {"valid_to": case.today - day},
        "tombstone": {"ended": True},
    }
    return dates[case.link]


def the_child(case: Case, birth: Birth) -> Person:
    since = datetime(2006, 1, 1, tzinfo=UTC) if case.child_device_since_flag else datetime(2004, 1, 1, tzinfo=UTC)
    return a_person(
        CHILD,
        born=birth.born,
        deceased=case.child_dead,
        protected=case.child_protected,
        protected_at=FLAG_AT if case.child_protected else None,
        devices=(a_device(1, since),),
    )


def the_guardian(case: Case) -> Ombud:
    under_13 = case.guardian_state == "under 13"
    guardian = a_person(
        MOTHER,
        born=case.today.replace(day=1, year=case.today.year - 12) if under_13 else date(1980, 5, 17),
        known=case.guardian_state != "unknown",
        active=case.guardian_state != "inactive",
        joined=case.guardian_state != "not joined",
        deceased=case.guardian_dead,
        protected=case.guardian_protected,
        protected_at=FLAG_AT if case.guardian_protected else None,
    )
    link = a_link(blocked=case.blocked, guardian=case.relation == "guardian", **link_dates(case))
    return Ombud(person=guardian, link=link)
