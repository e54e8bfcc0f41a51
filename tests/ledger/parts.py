"""Made-up people, openings and marks for the suites that hold every ledger, the fake and PostgreSQL, to the same."""

import hashlib
import itertools
from datetime import datetime

import msgspec

from notifier.domain.catalogue import EventType
from notifier.domain.events import Event, Mark, MarkKind
from notifier.domain.identifiers import (
    CollapseId,
    DeliveryId,
    EventKey,
    MatterKey,
    NoticeId,
    PersonId,
)
from notifier.domain.people import Device
from notifier.domain.plans import Delivery, Marking, Opening, Planned
from notifier.domain.verdicts import Decision, Push, Verdict
from tests.domain.kinds import INBOX
from tests.ledger.cast import ANNA, LANE, NOW, a_push, lookup_of, minute

SOURCE = "urn:se:1177:inkorg"
_numbers = itertools.count(1000)


def digest_of(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()[:16]


def an_event(
    name: str, *, at: float = 0, matter: str = "m", subject: PersonId = ANNA, says: str = "", kind: EventType = INBOX
) -> Event:
    """Make an event that happened at this minute."""
    return Event(
        key=EventKey(digest_of(SOURCE, name)),
        digest=digest_of(name, matter, says),
        source=SOURCE,
        id=name,
        type=kind,
        subject=lookup_of(subject),
        time=minute(at),
        matter=matter,
        matter_key=MatterKey(digest_of(SOURCE, matter)),
        unit="SE2321000016-A1B2",
        region="01",
    )


def an_opening(
    event: Event,
    verdicts: dict[PersonId, Verdict] | None = None,
    *,
    leased: bool = True,
    opened_at: datetime = NOW,
    notices: dict[PersonId, NoticeId] | None = None,
) -> Opening:
    """Open an event; by default its subject gets a push on every phone."""
    subject = PersonId(int.from_bytes(event.subject))
    chosen = {subject: a_push(subject)} if verdicts is None else verdicts
    known = notices or {}
    return Opening(
        event=event,
        subject=subject,
        day=opened_at.date(),
        opened_at=opened_at,
        useful_until=event.type.useful.until(opened_at, event.happens_at),
        about_child=False,
        legacy=False,
        planned=tuple(
            _plan(person, subject, verdict, known.get(person), leased=leased) for person, verdict in chosen.items()
        ),
    )


def _plan(person: PersonId, subject: PersonId, verdict: Verdict, known: NoticeId | None, *, leased: bool) -> Planned:
    decision = Decision(recipient=person, about=subject, region="01", verdict=verdict)
    collapse_id = CollapseId(next(_numbers).to_bytes(16))
    planned = Planned(
        decision=decision, notice=NoticeId(next(_numbers)) if known is None else known, collapse_id=collapse_id
    )
    if not isinstance(verdict, Push):
        return planned
    deliveries = tuple(_deliver(verdict, device, collapse_id, leased=leased) for device in verdict.devices)
    return msgspec.structs.replace(planned, deliveries=deliveries)


def _deliver(push: Push, device: Device, collapse_id: CollapseId, *, leased: bool) -> Delivery:
    return Delivery(
        id=DeliveryId(next(_numbers)),
        device=device.id,
        lane=LANE,
        loudness=push.loudness,
        text_key="own",
        collapse_id=collapse_id,
        expires_at=push.expires_at,
        sealed=b"sealed",
        token=device.token,
        platform=device.platform,
        kind=device.kind,
        leased=leased,
    )


def a_mark(
    name: str, kind: MarkKind, at: float, *, by: PersonId | None = ANNA, matter: str = "m", subject: PersonId = ANNA
) -> Marking:
    """Mark a matter as of this minute."""
    mark = Mark(
        key=EventKey(digest_of(SOURCE, name)),
        digest=digest_of(name, matter),
        source=SOURCE,
        id=name,
        type="mark",
        subject=lookup_of(subject),
        time=minute(at),
        matter=matter,
        matter_key=MatterKey(digest_of(SOURCE, matter)),
        kind=kind,
        at=minute(at),
        by=lookup_of(by or ANNA),
    )
    return Marking(mark=mark, subject=subject, by=by)
