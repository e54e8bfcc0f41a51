"""Which later channel is owed for an event, and when (A18, R20)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from notifier.domain.channels import is_muted
from notifier.domain.events import Event
from notifier.domain.guardianship import is_child
from notifier.domain.people import Person
from notifier.domain.reasons import Reason
from notifier.domain.verdicts import Decision, Fallback, Skip, Verdict

_NO_FALLBACK = frozenset(
    {Reason.ACCOUNT_INACTIVE, Reason.DECEASED, Reason.PROTECTED, Reason.WITHHELD, Reason.UNKNOWN_PERSON}
)


def owe_fallback(
    event: Event,
    subject: Person,
    useful_until: datetime,
    verdict: Verdict,
    guardians: Iterable[Decision],
    now: datetime,
) -> Fallback | None:
    """One fallback per event, on the subject's notice (A18); at once where no push can come (R20, A11)."""
    after = event.type.fallback_after
    if after is None or not subject.known or subject.protected or subject.deceased:
        return None
    if isinstance(verdict, Skip):
        if not _is_owed(event, subject, verdict.reason, now):
            return None
        told = verdict.reason is Reason.TOO_YOUNG and any(not isinstance(each.verdict, Skip) for each in guardians)
        after = after if told else timedelta()  # a guardian's push gets its time to be seen (A18)
    return Fallback(after=after, deadline_at=useful_until)


def _is_owed(event: Event, subject: Person, reason: Reason, now: datetime) -> bool:
    """Say whether another channel is owed to somebody without push: of a child, its contact points (A18, B2, A11)."""
    if reason is Reason.MUTED:
        return not (is_muted(event, subject, "sms") and is_muted(event, subject, "email"))
    if reason is Reason.TOO_YOUNG:
        return event.proxies_allowed and is_child(event, subject, now)
    return reason not in _NO_FALLBACK
