"""Whether push reaches somebody who may learn of an event, on which devices and how loud (B4, A11, B15, B28)."""

from datetime import datetime

from notifier.domain.ages import is_within
from notifier.domain.catalogue import Weight
from notifier.domain.circumstances import Circumstances
from notifier.domain.devices import find_fresh
from notifier.domain.events import Event
from notifier.domain.people import Device, Person
from notifier.domain.policy import Policy
from notifier.domain.reasons import HoldReason, Reason
from notifier.domain.verdicts import Hold, Loudness, Push, Skip


def judge_channel(event: Event, person: Person, around: Circumstances, *, stale: bool) -> Hold | Skip | None:
    """Judge whether push can be used for somebody who may learn of the event: region, switch, devices, then doubts."""
    if not person.joined:
        return Skip(reason=Reason.REGION_NOT_JOINED)
    if is_muted(event, person, "push"):
        return Skip(reason=Reason.MUTED)
    if not _usable(person, around):
        if _is_parked(person):
            return Hold(reason=HoldReason.DEVICES_PARKED)
        return Skip(reason=Reason.PROTECTED if person.protected else Reason.NO_DEVICE)
    if stale:
        return Hold(reason=HoldReason.FEED_STALE)
    halted = any(halt.stops("push", person.region, event.type.name, event.source) for halt in around.halts)
    return Hold(reason=HoldReason.HALTED) if halted else None


def is_muted(event: Event, person: Person, channel: str) -> bool:
    """Say whether the channel or the event's category in it is switched off; also for must-deliver (A11)."""
    return channel in person.muted or f"{channel}:{event.type.category}" in person.muted


def _usable(person: Person, around: Circumstances) -> tuple[Device, ...]:
    """Give the devices a push may go to: of a protected person those confirmed after the flag came (B7, A17)."""
    devices = find_fresh(person.devices, around)
    if not person.protected:
        return devices
    since = person.protected_at
    return tuple(device for device in devices if since is not None and device.trusted_at > since)


def _is_parked(person: Person) -> bool:
    """Say whether a push could go to somebody, but that a brake parks the device: it waits (A20)."""
    parked, since = person.parked_trusted_at, person.protected_at
    return parked is not None and (not person.protected or (since is not None and parked > since))


def push_to(event: Event, person: Person, expires_at: datetime, around: Circumstances) -> Push:
    """Give the verdict for somebody whom nothing bars."""
    level = loudness(event, person, around.policy, around.now)
    return Push(devices=_usable(person, around), loudness=level, expires_at=expires_at)


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
