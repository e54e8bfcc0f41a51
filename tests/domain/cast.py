"""Made-up people, types (ANSWERS, Types) and circumstances of the tests of `notifier.domain`."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from notifier.domain.catalogue import EventType
from notifier.domain.circumstances import Circumstances
from notifier.domain.events import Event
from notifier.domain.freshness import Freshness
from notifier.domain.halts import Halt
from notifier.domain.identifiers import DeviceId, EventKey, MatterKey, PersonId, Pseudonym
from notifier.domain.judgement import decide
from notifier.domain.people import Audience, Device, Link, Ombud, Person, Platform
from notifier.domain.policy import Policy
from notifier.domain.verdicts import Decision, Verdict
from tests.domain.kinds import INBOX

STOCKHOLM = ZoneInfo("Europe/Stockholm")


CHILD, MOTHER, FATHER = PersonId(1), PersonId(2), PersonId(3)


def local(text: str) -> datetime:
    """Read a Stockholm wall-clock time as the instant a server works with: UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


NOON = local("2026-11-20T12:00")


NATIONAL = Policy(
    version=1,
    day_from=time(7),
    day_to=time(21),
    sms_from=time(8),
    sms_to=time(20),
    proxy_stale_after=timedelta(minutes=15),
    resident_stale_after=timedelta(minutes=15),
    own_push_stale_after=timedelta(hours=24),
    badge_lifetime=timedelta(days=180),
    guardian_min_age=13,
    brake_share=0.001,
    brake_floor=100,
    stale_after={Platform.ANDROID: timedelta(days=270)},
    least_app_version={},
    update_notice_every=timedelta(days=7),
)


def an_event(type: EventType = INBOX, **changes: Any) -> Event:
    """Make an event about the child, published at noon."""
    event = Event(
        key=EventKey(b"event".ljust(16)),
        digest=bytes(16),
        source="urn:se:1177:inkorg",
        id="message-1",
        type=type,
        subject=Pseudonym(bytes(32)),
        time=NOON,
        matter="m-1",
        matter_key=MatterKey(b"matter".ljust(16)),
        unit="SE2321000016-A1B2",
        region="01",
    )
    return msgspec.structs.replace(event, **changes)


_LONG_AGO = local("2025-01-01T12:00")


def a_device(number: int = 1, trusted_at: datetime = _LONG_AGO) -> Device:
    """Make an iPhone."""
    return Device(
        id=DeviceId(number),
        platform=Platform.IOS,
        lane="apns:production:se.1177.app",
        kind="token",
        token=b"sealed",
        content_key=b"sealed",
        language="sv",
        trusted_at=trusted_at,
    )


def a_person(id: PersonId = CHILD, *, born: date | None = date(1980, 5, 17), **changes: Any) -> Person:
    """Make a living, active adult with one phone in a joined region, but for the changes."""
    person = Person(
        id=id,
        known=True,
        region="01",
        joined=True,
        born_younger=born,
        born_older=born,
        protected=False,
        active=True,
        devices=(a_device(int(id)),),
    )
    return msgspec.structs.replace(person, **changes)


def a_child(**changes: Any) -> Person:
    """Make a six-year-old without account or phone."""
    without: dict[str, Any] = {"born": date(2020, 6, 15), "active": False, "joined": False, "devices": ()}
    return a_person(**without | changes)


def a_link(**changes: Any) -> Link:
    """Make a link that is in force."""
    link = Link(
        valid_from=date(2000, 1, 1), valid_to=None, blocked=False, guardian=True, ended=False, about_id=b"a" * 16
    )
    return msgspec.structs.replace(link, **changes)


def an_ombud(person: Person | None = None, **link: Any) -> Ombud:
    """Make a guardian with a link in force, but for the changes."""
    return Ombud(person=person or a_person(MOTHER), link=a_link(**link))


def around(now: datetime = NOON, *, halts: tuple[Halt, ...] = (), **freshness: Any) -> Circumstances:
    """Make the circumstances of one instant, with projections complete to it unless said otherwise."""
    complete = {"residents_complete_to": now, "proxies_complete_to": now} | freshness
    return Circumstances(policy=NATIONAL, freshness=Freshness(**complete), halts=halts, now=now, day=now.date())


def decide_at(
    event: Event, subject: Person, *ombud: Ombud, under: Circumstances | None = None, opened_at: datetime | None = None
) -> tuple[Decision, ...]:
    """Decide, opening at the same instant unless said otherwise."""
    circumstances = under or around()
    audience = Audience(subject=subject, ombud=ombud)
    return decide(event, audience, opened_at or circumstances.now, circumstances)


def own_verdict(event: Event, subject: Person, under: Circumstances | None = None) -> Verdict:
    """Give what the subject gets."""
    return decide_at(event, subject, under=under)[0].verdict


def shared_verdict(event: Event, subject: Person, ombud: Ombud, under: Circumstances | None = None) -> Verdict:
    """Give what one guardian gets."""
    return decide_at(event, subject, ombud, under=under)[1].verdict
