"""Openings and marks of one matter, as short as a test can say them."""

from datetime import date, datetime, timedelta

from notifier.domain.catalogue import EventType
from notifier.domain.events import Mark, MarkKind
from notifier.domain.identifiers import CollapseId, EventKey, MatterKey, NoticeId, PersonId, Pseudonym
from notifier.domain.matters import Matter
from notifier.domain.plans import Marking, NoticeRef, Opening, Planned
from notifier.domain.reasons import HoldReason, Reason
from notifier.domain.resolution import Resolution
from notifier.domain.verdicts import Decision, Hold, Loudness, Push, Skip, Verdict
from tests.domain.cast import CHILD, FATHER, MOTHER, NOON, a_device, an_event
from tests.domain.kinds import INBOX

MATTER = MatterKey(b"matter".ljust(16))


DAY = date(2026, 11, 20)


A_PUSH = Push(devices=(a_device(),), loudness=Loudness.ACTIVE, expires_at=NOON + timedelta(days=7))


def minute(number: int) -> datetime:
    """Give an instant of the story: `number` minutes after noon."""
    return NOON + timedelta(minutes=number)


def an_opening(
    at: int,
    verdicts: dict[PersonId, Verdict] | None = None,
    *,
    name: str | None = None,
    subject: PersonId = CHILD,
    type_: EventType = INBOX,
    opened_at: int | None = None,
    happens_at: datetime | None = None,
    legacy: bool = False,
) -> Opening:
    """Open an event that happened `at` this minute; by default the subject gets a push."""
    key = EventKey((name or f"event {at}").encode().ljust(16))
    opened = minute(at if opened_at is None else opened_at)
    chosen = {subject: A_PUSH} if verdicts is None else verdicts
    return Opening(
        event=an_event(type_, key=key, time=minute(at), happens_at=happens_at),
        subject=subject,
        day=DAY,
        opened_at=opened,
        useful_until=type_.useful.until(opened, happens_at),
        about_child=False,
        legacy=legacy,
        planned=tuple(plan(key, who, verdict, subject) for who, verdict in chosen.items()),
    )


def plan(key: EventKey, recipient: PersonId, verdict: Verdict, subject: PersonId = CHILD) -> Planned:
    """Plan one notice; its collapse id names its event, so that a test sees whose id was kept."""
    decision = Decision(recipient=recipient, about=subject, region="01", verdict=verdict)
    return Planned(decision=decision, notice=NoticeId(int(recipient)), collapse_id=CollapseId(key))


def a_mark(kind: MarkKind, at: int, by: PersonId | None = CHILD, subject: PersonId = CHILD) -> Marking:
    """Mark the matter as of this minute."""
    mark = Mark(
        key=EventKey(f"mark {at}".encode().ljust(16)),
        digest=bytes(16),
        source="urn:se:1177:inkorg",
        id=f"mark-{at}",
        type="se.1177.inbox.matter.handled.v1",
        subject=Pseudonym(bytes(32)),
        time=minute(at),
        matter="m-1",
        matter_key=MATTER,
        kind=kind,
        at=minute(at),
        by=Pseudonym(bytes(32)),
    )
    return Marking(mark=mark, subject=subject, by=by)


def read(at: int, by: PersonId | None = CHILD) -> Marking:
    """Let somebody have read it; None is a person whom the house does not know."""
    return a_mark(MarkKind.READ, at, by)


def acted(at: int, by: PersonId | None = CHILD) -> Marking:
    """Let somebody have acted on it."""
    return a_mark(MarkKind.ACTED, at, by)


def withdrawn(at: int) -> Marking:
    """Let the e-service have withdrawn it."""
    return a_mark(MarkKind.WITHDRAWN, at)


def reference(name: str, recipient: PersonId = CHILD) -> NoticeRef:
    """Say where the notice of an event is stored."""
    return NoticeRef(day=DAY, event=EventKey(name.encode().ljust(16)), notice=NoticeId(int(recipient)))


def play(*items: Opening | Marking) -> Resolution:
    """Play records on a matter that nobody has seen yet."""
    resolution = Resolution(Matter(key=MATTER, subject=CHILD))
    resolution.play(items)
    return resolution


def badge(resolution: Resolution, recipient: PersonId = CHILD) -> int:
    """Give how many matters of the child's were added to a badge."""
    return resolution.badges.get((recipient, CHILD), 0)


def last_verdicts(resolution: Resolution) -> dict[PersonId, Verdict]:
    """Give what the newest opening came to, per recipient."""
    return {each.planned.decision.recipient: each.verdict for each in resolution.opened[-1].notices}


HANDLED, WITHDRAWN, SUPERSEDED = (
    Skip(reason=reason) for reason in (Reason.ALREADY_HANDLED, Reason.WITHDRAWN, Reason.SUPERSEDED)
)


HELD, DEAF = Hold(reason=HoldReason.FEED_STALE), Skip(reason=Reason.NO_DEVICE)


FAMILY: dict[PersonId, Verdict] = {CHILD: A_PUSH, MOTHER: A_PUSH, FATHER: A_PUSH}


def collapse(name: str) -> CollapseId:
    return CollapseId(name.encode().ljust(16))
