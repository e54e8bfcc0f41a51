"""The proxy matrix: ages 0 to 18 around each birthday, against an oracle that shares no code with the house."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from notifier.domain.catalogue import EventType
from notifier.domain.people import Ombud
from notifier.domain.verdicts import Decision, Push, Skip
from tests.domain.cast import CHILD, STOCKHOLM, a_link, a_person, an_event, around, decide_at
from tests.domain.kinds import INBOX
from tests.domain.oracle import Case, bars_child, bars_guardian
from tests.domain.proxy_rows import (
    CONDITIONS,
    JUNE,
    LEAP_DAY,
    NEW_YEAR,
    TYPES,
    Birth,
    a_case,
    days_around_birthdays,
    the_child,
    the_guardian,
)

CLOCKS = ((0, 0), (23, 59))


def judge(case: Case, birth: Birth, type_: EventType, now: datetime) -> tuple[Decision, ...]:
    event = an_event(
        type_,
        time=now,
        visible_to_subject=case.withheld != "from everybody",
        proxies_allowed=case.withheld != "from guardians",
    )
    return decide_at(event, the_child(case, birth), the_guardian(case), under=around(now))


def differs(decision: Decision, bars: set[str]) -> str | None:
    """Say how a verdict differs from the table."""
    verdict = decision.verdict
    if isinstance(verdict, Push):
        return f"told although {sorted(bars)}" if bars else None
    assert isinstance(verdict, Skip)
    return None if verdict.reason.value in bars else f"{verdict.reason.value}, expected {sorted(bars) or 'a push'}"


def find_faults(case: Case, birth: Birth, type_: EventType) -> list[str]:
    """Judge one row at both ends of its day and name what differs from the oracle."""
    faults: list[str | None] = []
    for hour, minute in CLOCKS:
        now = datetime(case.today.year, case.today.month, case.today.day, hour, minute, tzinfo=STOCKHOLM)
        own, *shared = judge(case, birth, type_, now.astimezone(UTC))
        expected = bars_guardian(case)
        faults.append(differs(own, bars_child(case)))
        if expected is None:
            faults.append("an unknown guardian is a recipient" if shared else None)
        else:
            faults.append(differs(shared[0], expected))
    return [f"{case.today} {fault}" for fault in faults if fault is not None]


@pytest.mark.holds("R7", "R8", "B7", "B11", "B13", "A12", "A13", "A14", "A15", "A17")
@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("type_name", TYPES)
@pytest.mark.parametrize("birth", [JUNE, NEW_YEAR, LEAP_DAY], ids=["june", "new year", "leap day"])
def test_around_each_birthday_only_those_are_told_whom_the_rules_name(
    birth: Birth, type_name: str, condition: str
) -> None:
    type_, own, proxy = TYPES[type_name]
    cases = [a_case(birth, day, own, proxy, CONDITIONS[condition]) for day in days_around_birthdays(birth)]
    assert [fault for case in cases for fault in find_faults(case, birth, type_)] == []


@pytest.mark.holds("R8", "B7", "B11", "B13", "A13", "A14", "A15")
@pytest.mark.parametrize("today", [date(2013, 6, 15), date(2020, 6, 14), date(2020, 6, 15), date(2023, 6, 15)])
def test_no_combination_of_conditions_tells_anybody_wrong(today: date) -> None:
    plain = a_case(JUNE, today, 13, 13, {})
    faults: list[str] = []
    flags = itertools.product([False, True], repeat=5)
    states = ["fine", "inactive", "under 13", "not joined", "unknown"]
    links = ["in force", "not yet", "last day", "ended today", "tombstone"]
    withheld = ["no", "from everybody", "from guardians"]
    for (dead, hidden, gone, shy, blocked), state, link, kept in itertools.product(flags, states, links, withheld):
        case = replace(
            plain,
            child_dead=dead,
            child_protected=hidden,
            guardian_dead=gone,
            guardian_protected=shy,
            blocked=blocked,
            guardian_state=state,
            link=link,
            withheld=kept,
        )
        faults += find_faults(case, JUNE, INBOX)
    assert faults == []


@pytest.mark.holds("B12")
@pytest.mark.parametrize(
    ("now", "valid_to", "expires_at"),
    [
        ("2020-06-05T12:00", None, "2020-06-12T12:00"),
        ("2020-06-10T12:00", None, "2020-06-15T00:00"),
        ("2020-06-14T23:59", None, "2020-06-15T00:00"),
        ("2020-06-05T12:00", date(2020, 6, 9), "2020-06-09T00:00"),
        ("2020-06-10T12:00", date(2020, 6, 20), "2020-06-15T00:00"),
    ],
)
def test_a_guardians_push_expires_at_the_13th_birthday_or_when_the_link_ends(
    now: str, valid_to: date | None, expires_at: str
) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=STOCKHOLM).astimezone(UTC)
    case = a_case(JUNE, at.date(), 13, 13, {})
    child, guardian = the_child(case, JUNE), the_guardian(case)
    ombud = Ombud(person=guardian.person, link=a_link(valid_to=valid_to))
    verdict = decide_at(an_event(time=at), child, ombud, under=around(at))[1].verdict
    assert isinstance(verdict, Push)
    assert verdict.expires_at == datetime.fromisoformat(expires_at).replace(tzinfo=STOCKHOLM)


@pytest.mark.holds("B12", "B11")
def test_for_a_leap_child_the_guardians_push_expires_on_the_28th() -> None:
    at = datetime(2021, 2, 27, 20, tzinfo=UTC)
    case = a_case(LEAP_DAY, at.date(), 13, 13, {})
    verdict = decide_at(an_event(time=at), the_child(case, LEAP_DAY), the_guardian(case), under=around(at))[1].verdict
    assert isinstance(verdict, Push)
    assert verdict.expires_at == datetime(2021, 2, 27, 23, tzinfo=UTC)


@pytest.mark.holds("A12")
def test_where_record_and_number_differ_own_age_is_the_younger_and_ombud_age_the_older() -> None:
    at = datetime(2020, 7, 1, 12, tzinfo=UTC)
    case = a_case(JUNE, at.date(), 13, 13, {})
    child = a_person(CHILD, born_younger=date(2007, 8, 1), born_older=date(2007, 6, 1))
    own, shared = decide_at(an_event(time=at), child, the_guardian(case), under=around(at))
    assert isinstance(own.verdict, Skip)
    assert own.verdict.reason.value == "too_young"
    assert isinstance(shared.verdict, Skip)
    assert shared.verdict.reason.value == "too_old_for_proxy"


@pytest.mark.holds("A12", "B11")
def test_without_any_birth_date_nobody_is_told_and_no_fallback_is_owed() -> None:
    case = a_case(JUNE, date(2013, 6, 15), 13, 13, {})
    own, shared = decide_at(an_event(), a_person(CHILD, born=None), the_guardian(case))
    assert isinstance(own.verdict, Skip)
    assert isinstance(shared.verdict, Skip)
    assert own.fallback is None
