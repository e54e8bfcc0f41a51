"""How an event ends for its publisher (B6, A25), and which state carries which sequence number (A27)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import IntEnum

import msgspec

from notifier.domain.matters import Opened
from notifier.domain.people import Person
from notifier.domain.plans import Opening
from notifier.domain.reasons import End, HoldReason, Reason
from notifier.domain.verdicts import Hold, Push, Skip, Verdict

REACH_WITHIN = timedelta(minutes=5)
"""`unreachable` is known to the publisher within this time of the last failure (B6)."""


class Sequence(IntEnum):
    """The `seq` of each state: states only move forward, so the rank is the number and needs no counter (DESIGN 5)."""

    DUPLICATE = 0
    REJECTED = 0
    ACCEPTED = 1
    HELD = 2
    PUSHED = 3
    SMS_SENT = 4
    EMAIL_SENT = 5
    END = 6


class Ended(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An event's end with its true reason, if one recipient's reason explains it."""

    end: End
    reason: Reason | None = None


class Course(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an event's row says after opening: it ended, or it is held, or it is on its way until `due_at`."""

    ended: Ended | None
    held: HoldReason | None
    due_at: datetime


def course_of(opened: Opened) -> Course:
    """Derive an event's course from its notices."""
    verdicts = [notice.verdict for notice in opened.notices]
    held = next((verdict.reason for verdict in verdicts if isinstance(verdict, Hold)), None)
    ended = end_at_once(opened.opening, verdicts)
    return Course(ended=ended, held=None if ended else held, due_at=due_at(opened.opening))


def end_at_once(opening: Opening, verdicts: Iterable[Verdict]) -> Ended | None:
    """Give the end an event meets at its opening, None while somebody may still be told."""
    known = list(verdicts)
    reasons = [verdict.reason for verdict in known if isinstance(verdict, Skip)]
    if not known:
        return Ended(end=End.EXPIRED, reason=Reason.EXPIRED)
    if Reason.ALREADY_HANDLED in reasons:
        return Ended(end=End.SEEN)
    if Reason.WITHDRAWN in reasons:
        return Ended(end=End.WITHDRAWN)
    if any(isinstance(verdict, Push | Hold) for verdict in known):
        return None
    return end_untold(legacy=opening.legacy, reasons=reasons)


def end_untold(*, legacy: bool, reasons: list[Reason]) -> Ended:
    """Give the end of an event of which nobody was told; the subject's reason comes first in `reasons`."""
    if Reason.SUPERSEDED in reasons:
        return Ended(end=End.SUPERSEDED, reason=Reason.SUPERSEDED)
    reason = reasons[0] if reasons else None
    return Ended(end=End.LEGACY if legacy else End.UNREACHABLE, reason=reason)


def due_at(opening: Opening) -> datetime:
    """Give when nobody told becomes `unreachable`: early enough before `happens_at` for a call or a letter (A25)."""
    happens_at = opening.event.happens_at
    if happens_at is None:
        return opening.useful_until
    warn_at = max(happens_at - opening.event.type.warn_before, opening.opened_at + REACH_WITHIN)
    return min(warn_at, opening.useful_until)


def is_legacy(opening_type_sends: bool, subject: Person) -> bool:
    """Say whether today's service would send: its types, for a known, living, active, unprotected subject (A25)."""
    return (
        opening_type_sends
        and subject.known
        and subject.active
        and not (subject.deceased or subject.protected or subject.loop)
    )
