"""Whether an ombud may learn of a child's matter, and until when (A13 to A15, B7, B11, B12)."""

from datetime import datetime

import msgspec

from notifier.domain.ages import is_old_enough, local_day, midnight, ombud_until
from notifier.domain.circumstances import Circumstances
from notifier.domain.events import Event
from notifier.domain.people import Link, Person
from notifier.domain.reasons import Reason


def bar_link(event: Event, subject: Person, link: Link, now: datetime) -> Reason | None:
    """Judge what is shared at all: withheld, block, relation, dates and the child's age (A14, A15, B11)."""
    if not event.proxies_allowed:
        return Reason.WITHHELD
    if link.blocked:
        return Reason.BLOCKED
    today = local_day(now)
    if link.ended or not link.guardian or (link.valid_to is not None and today >= link.valid_to):
        return Reason.LINK_ENDED
    if today < link.valid_from:
        return Reason.LINK_NOT_YET_VALID
    return None if is_child(event, subject, now) else Reason.TOO_OLD_FOR_PROXY


def is_child(event: Event, subject: Person, now: datetime) -> bool:
    """Say whether a guardian may still act; an unknown birth date is a child without ombud (B11)."""
    born = subject.born_older
    return born is not None and local_day(now) < ombud_until(born, event.type.proxy_max_age)


def bar_guardian(subject: Person, guardian: Person, around: Circumstances) -> Reason | None:
    """A guardian counts only alive, unprotected, 13 or older and active (A13), for an unprotected child (B7)."""
    if subject.protected or guardian.protected:
        return Reason.PROTECTED
    if guardian.deceased:
        return Reason.DECEASED
    if not is_old_enough(guardian.born_younger, around.policy.guardian_min_age, around.now):
        return Reason.TOO_YOUNG
    return None if guardian.active else Reason.ACCOUNT_INACTIVE


def deadline_for_ombud(event: Event, subject: Person, link: Link, useful_until: datetime) -> datetime:
    """No push about a child outlives the age limit or the link (B12)."""
    ends = [useful_until]
    if subject.born_older is not None:
        ends.append(midnight(ombud_until(subject.born_older, event.type.proxy_max_age)))
    if link.valid_to is not None:
        ends.append(midnight(link.valid_to))
    return min(ends)


def withhold(event: Event, around: Circumstances) -> Event:
    """Withhold from ombud what a unit listed by its region sends, even against `allow` (A15)."""
    if event.proxies_allowed and (event.region, event.unit) in around.withheld_units:
        return msgspec.structs.replace(event, proxies_allowed=False)
    return event


def is_about_child(event: Event, subject: Person, now: datetime) -> bool:
    """Say whether the subject is below the type's proxy age, as far as anybody knows (A27)."""
    if not subject.known:
        return False
    return subject.born_older is None or local_day(now) < ombud_until(subject.born_older, event.type.proxy_max_age)
