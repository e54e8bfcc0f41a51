"""Why somebody gets nothing: one example of each reason, for the subject and for a guardian."""

from datetime import date, timedelta
from typing import Any

from notifier.domain.halts import Halt
from notifier.domain.people import Person
from notifier.domain.reasons import Reason
from notifier.domain.verdicts import Skip
from tests.domain.cast import MOTHER, NOON, a_person, an_event, an_ombud, around
from tests.domain.kinds import JOURNAL

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


FLAG_AT = NOON - 30 * 24 * HOUR


TODAY, TOMORROW = date(2026, 11, 20), date(2026, 11, 21)


def unknown(**changes: Any) -> Person:
    """Make somebody whom the projection lacks."""
    return Person(id=a_person().id, known=False, **changes)


def refused(reason: Reason) -> Skip:
    return Skip(reason=reason)


OWN = [
    (Reason.ACCOUNT_INACTIVE, an_event(), a_person(active=False)),
    (Reason.DECEASED, an_event(), a_person(deceased=True)),
    (Reason.MUTED, an_event(), a_person(muted=frozenset({"push"}))),
    (Reason.NO_DEVICE, an_event(), a_person(devices=())),
    (Reason.PROTECTED, an_event(), a_person(protected=True, protected_at=FLAG_AT, devices=())),
    (Reason.REGION_NOT_JOINED, an_event(), a_person(joined=False)),
    (Reason.TOO_YOUNG, an_event(), a_person(born=date(2013, 11, 21))),
    (Reason.TOO_YOUNG, an_event(JOURNAL), a_person(born=date(2010, 11, 21))),
    (Reason.UNKNOWN_PERSON, an_event(time=NOON - HOUR), unknown()),
    (Reason.WITHHELD, an_event(visible_to_subject=False), a_person()),
]


OMBUD = [
    (Reason.ACCOUNT_INACTIVE, an_ombud(a_person(MOTHER, active=False))),
    (Reason.BLOCKED, an_ombud(blocked=True)),
    (Reason.DECEASED, an_ombud(a_person(MOTHER, deceased=True))),
    (Reason.LINK_ENDED, an_ombud(ended=True)),
    (Reason.LINK_ENDED, an_ombud(valid_to=TODAY)),
    (Reason.LINK_ENDED, an_ombud(guardian=False)),
    (Reason.LINK_NOT_YET_VALID, an_ombud(valid_from=TOMORROW)),
    (Reason.MUTED, an_ombud(a_person(MOTHER, muted=frozenset({"push:messages"})))),
    (Reason.NO_DEVICE, an_ombud(a_person(MOTHER, devices=()))),
    (Reason.PROTECTED, an_ombud(a_person(MOTHER, protected=True, protected_at=FLAG_AT))),
    (Reason.REGION_NOT_JOINED, an_ombud(a_person(MOTHER, joined=False))),
    (Reason.TOO_YOUNG, an_ombud(a_person(MOTHER, born=date(2013, 11, 21)))),
]


DOUBT = around(
    halts=(Halt(channel="all"),), residents_complete_to=NOON - 48 * HOUR, proxies_complete_to=NOON - 48 * HOUR
)
