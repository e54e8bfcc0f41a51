"""Who learns of an event, and why others do not (step 3 of the path)."""

from collections.abc import Iterable
from datetime import datetime

from notifier.domain.ages import is_old_enough
from notifier.domain.channels import judge_channel, push_to
from notifier.domain.circumstances import Circumstances
from notifier.domain.events import Event
from notifier.domain.fallbacks import owe_fallback
from notifier.domain.guardianship import bar_guardian, bar_link, deadline_for_ombud
from notifier.domain.people import Audience, Ombud, Person
from notifier.domain.reasons import HoldReason, Reason
from notifier.domain.verdicts import Decision, Hold, Skip


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
    verdict = _judge_own(event, subject, opened_at, around) or push_to(event, subject, useful_until, around)
    return Decision(
        recipient=subject.id,
        about=subject.id,
        region=subject.region,
        verdict=verdict,
        fallback=owe_fallback(event, subject, useful_until, verdict, guardians, around.now),
    )


def _decide_ombud(
    event: Event, subject: Person, ombud: Ombud, opened_at: datetime, useful_until: datetime, around: Circumstances
) -> Decision:
    guardian = ombud.person
    expires_at = deadline_for_ombud(event, subject, ombud.link, useful_until)
    verdict = _judge_ombud(event, subject, ombud, opened_at, around) or push_to(event, guardian, expires_at, around)
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
    return judge_channel(event, subject, around, stale=around.freshness.holds_own(around.policy, around.now))


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
    reason = _subject_bar(event, subject) or bar_link(event, subject, ombud.link, around.now)
    if reason is not None:
        return Skip(reason=reason)
    if subject.loop or ombud.person.loop:
        return Hold(reason=HoldReason.IDENTITY_LOOP)
    if (reason := bar_guardian(subject, ombud.person, around)) is not None:
        return Skip(reason=reason)
    stale = around.freshness.holds_ombud(around.policy, around.now)
    return judge_channel(event, ombud.person, around, stale=stale)
