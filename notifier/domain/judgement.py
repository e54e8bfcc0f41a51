"""Who learns of an event, and why others do not (step 3 of the path)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from notifier.domain.ages import is_old_enough, is_within, local_day, midnight, ombud_until
from notifier.domain.catalogue import Weight
from notifier.domain.events import Event
from notifier.domain.freshness import Freshness
from notifier.domain.halts import Halt
from notifier.domain.people import Audience, Device, Link, Ombud, Person
from notifier.domain.policy import Policy
from notifier.domain.reasons import HoldReason, Reason
from notifier.domain.verdicts import Decision, Fallback, Hold, Loudness, Push, Skip, Verdict


class Circumstances(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch is judged under; the same for all of it."""

    policy: Policy
    freshness: Freshness
    halts: tuple[Halt, ...]
    withheld_units: frozenset[tuple[str, str]] = frozenset()
    """(sending region, unit) whose events ombud never learn of (A15)."""
    now: datetime


def decide(event: Event, audience: Audience, opened_at: datetime, around: Circumstances) -> tuple[Decision, ...]:
    """Say for the subject and each ombud what they get; an event past its useful time gives no notices at all."""
    useful_until = event.type.useful.until(opened_at, event.happens_at)
    if useful_until <= around.now:
        return ()
    subject = audience.subject
    guardians = [ombud for ombud in audience.ombud if ombud.person.known]  # an unknown one is no recipient (A7)
    shared = [_decide_ombud(event, subject, ombud, opened_at, useful_until, around) for ombud in guardians]
    return (_decide_own(event, subject, opened_at, useful_until, around, shared), *shared)


def _decide_own(
    event: Event,
    subject: Person,
    opened_at: datetime,
    useful_until: datetime,
    around: Circumstances,
    guardians: Iterable[Decision],
) -> Decision:
    verdict = _judge_own(event, subject, opened_at, around) or _push(event, subject, useful_until, around)
    return Decision(
        recipient=subject.id,
        about=subject.id,
        region=subject.region,
        verdict=verdict,
        fallback=_fallback(event, subject, useful_until, verdict, guardians, around.now),
    )


def _decide_ombud(
    event: Event, subject: Person, ombud: Ombud, opened_at: datetime, useful_until: datetime, around: Circumstances
) -> Decision:
    guardian = ombud.person
    expires_at = _ombud_deadline(event, subject, ombud.link, useful_until)
    verdict = _judge_ombud(event, subject, ombud, opened_at, around) or _push(event, guardian, expires_at, around)
    return Decision(recipient=guardian.id, about=subject.id, region=guardian.region, verdict=verdict)


def _judge_own(event: Event, subject: Person, opened_at: datetime, around: Circumstances) -> Hold | Skip | None:
    if not subject.known:
        return _judge_unknown(event, opened_at, around)
    if (reason := _subject_bar(event, subject)) is not None:
        return Skip(reason=reason)
    if subject.loop:
        return Hold(reason=HoldReason.IDENTITY_LOOP)
    if not is_old_enough(subject.born_younger, event.type.own_min_age, around.now):
        return Skip(reason=Reason.TOO_YOUNG)
    if not subject.active:
        return Skip(reason=Reason.ACCOUNT_INACTIVE)
    return _judge_channel(event, subject, around, stale=around.freshness.holds_own(around.policy, around.now))


def _judge_unknown(event: Event, opened_at: datetime, around: Circumstances) -> Hold | Skip:
    if around.freshness.knows(max(event.time, opened_at)):
        return Skip(reason=Reason.UNKNOWN_PERSON)
    return Hold(reason=HoldReason.NOT_YET_KNOWN)


def _subject_bar(event: Event, subject: Person) -> Reason | None:
    """Give what stops everybody: death (B13), and what the subject may not see (A15)."""
    if subject.deceased:
        return Reason.DECEASED
    return None if event.visible_to_subject else Reason.WITHHELD


def _judge_ombud(
    event: Event, subject: Person, ombud: Ombud, opened_at: datetime, around: Circumstances
) -> Hold | Skip | None:
    """Judge the child, then the link, then the guardian; an identity in doubt holds before it is judged (A9, I7)."""
    if not subject.known:
        return _judge_unknown(event, opened_at, around)
    reason = _subject_bar(event, subject) or _link_bar(event, subject, ombud.link, around.now)
    if reason is not None:
        return Skip(reason=reason)
    if subject.loop or ombud.person.loop:
        return Hold(reason=HoldReason.IDENTITY_LOOP)
    if (reason := _guardian_bar(subject, ombud.person, around)) is not None:
        return Skip(reason=reason)
    stale = around.freshness.holds_ombud(around.policy, around.now)
    return _judge_channel(event, ombud.person, around, stale=stale)


def _link_bar(event: Event, subject: Person, link: Link, now: datetime) -> Reason | None:
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
    return None if _is_child(event, subject, now) else Reason.TOO_OLD_FOR_PROXY


def _is_child(event: Event, subject: Person, now: datetime) -> bool:
    """Say whether a guardian may still act; an unknown birth date is a child without ombud (B11)."""
    born = subject.born_older
    return born is not None and local_day(now) < ombud_until(born, event.type.proxy_max_age)


def _guardian_bar(subject: Person, guardian: Person, around: Circumstances) -> Reason | None:
    """A guardian counts only alive, unprotected, 13 or older and active (A13), for an unprotected child (B7)."""
    if subject.protected or guardian.protected:
        return Reason.PROTECTED
    if guardian.deceased:
        return Reason.DECEASED
    if not is_old_enough(guardian.born_younger, around.policy.guardian_min_age, around.now):
        return Reason.TOO_YOUNG
    return None if guardian.active else Reason.ACCOUNT_INACTIVE


def _judge_channel(event: Event, person: Person, around: Circumstances, *, stale: bool) -> Hold | Skip | None:
    """Judge whether push can be used for somebody who may learn of the event: region, switch, devices, then doubts."""
    if not person.joined:
        return Skip(reason=Reason.REGION_NOT_JOINED)
    if _is_muted(event, person, "push"):
        return Skip(reason=Reason.MUTED)
    if not _usable(person):
        return Skip(reason=Reason.PROTECTED if person.protected else Reason.NO_DEVICE)
    if stale:
        return Hold(reason=HoldReason.FEED_STALE)
    halted = any(halt.stops("push", person.region, event.type.name, event.source) for halt in around.halts)
    return Hold(reason=HoldReason.HALTED) if halted else None


def _is_muted(event: Event, person: Person, channel: str) -> bool:
    return channel in person.muted or f"{channel}:{event.type.category}" in person.muted


def _usable(person: Person) -> tuple[Device, ...]:
    """Give the devices a push may go to: of a protected person those confirmed after the flag came (B7, A17)."""
    if not person.protected:
        return person.devices
    since = person.protected_at
    return tuple(device for device in person.devices if since is not None and device.trusted_at > since)


def _push(event: Event, person: Person, expires_at: datetime, around: Circumstances) -> Verdict:
    level = loudness(event, person, around.policy, around.now)
    return Push(devices=_usable(person), loudness=level, expires_at=expires_at)


def loudness(event: Event, person: Person, policy: Policy, now: datetime) -> Loudness:
    """Say how loud a push is: by class, passive at night unless live, passive in own quiet hours always (B15)."""
    if event.type.weight is Weight.LOW:
        return Loudness.PASSIVE
    if person.quiet_from is not None and person.quiet_to is not None:
        if is_within(now, person.quiet_from, person.quiet_to):
            return Loudness.PASSIVE
    if not event.live and not is_within(now, policy.day_from, policy.day_to):
        return Loudness.PASSIVE
    return Loudness.TIME_SENSITIVE if event.type.weight is Weight.MUST_DELIVER else Loudness.ACTIVE


def _ombud_deadline(event: Event, subject: Person, link: Link, useful_until: datetime) -> datetime:
    """No push about a child outlives the age limit or the link (B12)."""
    ends = [useful_until]
    if subject.born_older is not None:
        ends.append(midnight(ombud_until(subject.born_older, event.type.proxy_max_age)))
    if link.valid_to is not None:
        ends.append(midnight(link.valid_to))
    return min(ends)


_NO_FALLBACK = frozenset(
    {Reason.ACCOUNT_INACTIVE, Reason.DECEASED, Reason.PROTECTED, Reason.WITHHELD, Reason.UNKNOWN_PERSON}
)


def _fallback(
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
        return not (_is_muted(event, subject, "sms") and _is_muted(event, subject, "email"))
    if reason is Reason.TOO_YOUNG:
        return event.proxies_allowed and _is_child(event, subject, now)
    return reason not in _NO_FALLBACK
