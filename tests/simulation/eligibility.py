"""Who may learn of an event: said once more, apart from how the service judges (B7, B11, B13, A11 to A15)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from notifier.dispatch.circumstances import Surroundings
from notifier.domain.events import Event
from notifier.domain.people import Device, Link, Person
from tests.fakes.rows import DeviceRow

STOCKHOLM = ZoneInfo("Europe/Stockholm")


class Facts(msgspec.Struct, kw_only=True):
    """What the projections say at one moment."""

    people: dict[int, Person] = {}
    links: dict[tuple[int, int], Link] = {}
    muted: dict[tuple[int, int], frozenset[str]] = {}
    devices: dict[int, DeviceRow] = {}

    def copy(self) -> "Facts":
        return Facts(
            people=dict(self.people), links=dict(self.links), muted=dict(self.muted), devices=dict(self.devices)
        )


def years(born: date | None, now: datetime) -> int:
    """Give somebody's age in whole years, in Stockholm (nobody here was born on 29 February); -1 where unknown."""
    today = now.astimezone(STOCKHOLM).date()
    if born is None:
        return -1
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def may_learn(facts: Facts, event: Event, recipient: int, about: int, now: datetime) -> bool:
    """Say whether a push about this may go to somebody, doubts left aside."""
    subject, person = facts.people[about], facts.people[recipient]
    if not (subject.known and person.known) or subject.deceased or not event.visible_to_subject:
        return False
    if not (person.active and person.joined and not person.deceased) or _is_muted(facts, event, recipient, about):
        return False
    if recipient == about:
        return years(person.born_younger, now) >= event.type.own_min_age and _has_device(facts, person, now)
    if not event.proxies_allowed or subject.protected or person.protected:
        return False
    link = facts.links.get((about, recipient))
    today = now.astimezone(STOCKHOLM).date()
    return (
        link is not None
        and link.guardian
        and not (link.blocked or link.ended)
        and link.valid_from <= today
        and (link.valid_to is None or today < link.valid_to)
        and 0 <= years(subject.born_older, now) < event.type.proxy_max_age
        and years(person.born_younger, now) >= 13
        and _has_device(facts, person, now)
    )


def _is_muted(facts: Facts, event: Event, recipient: int, about: int) -> bool:
    return bool({"push", f"push:{event.type.category}"} & facts.muted.get((recipient, about), frozenset()))


def _has_device(facts: Facts, person: Person, now: datetime) -> bool:
    return any(
        not (person.protected and row.device.trusted_at <= person.protected_at) and not is_stale(row.device, now)
        for row in facts.devices.values()
        if row.person == person.id and not row.parked
    )


def is_stale(device: Device, now: datetime) -> bool:
    """Say whether Google would take no push for it any more (protocols 3.5)."""
    return device.platform == "android" and (now - device.trusted_at).days >= 270


def is_doubtful(known: Surroundings, facts: Facts, event: Event, recipient: int, about: int, now: datetime) -> bool:
    """Say whether it had to wait: a feed too old (A8), or a halt (B28)."""
    region = facts.people[recipient].region
    if any(
        halt.region in (None, region) and halt.type in (None, event.type.name) and halt.source in (None, event.source)
        for halt in known.halts
    ):
        return True
    residents, proxies = (
        (now - known.freshness.residents_complete_to).total_seconds() / 60,  # type: ignore[operator]
        (now - known.freshness.proxies_complete_to).total_seconds() / 60,  # type: ignore[operator]
    )
    return residents > 24 * 60 if recipient == about else max(residents, proxies) > 15
