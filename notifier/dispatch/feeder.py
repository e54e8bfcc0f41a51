"""Claims waiting deliveries for lanes with room, judging each again in the claiming transaction (B12)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

import msgspec

from notifier.dispatch.batches import Due
from notifier.dispatch.claims import Claimed, Postponed, Stopped
from notifier.dispatch.facts import Observe, Rejudged
from notifier.dispatch.fleet import Fleet
from notifier.dispatch.intake import Clocks
from notifier.dispatch.lanes import Lane
from notifier.dispatch.patience import Patience, obey_cancellation
from notifier.domain.circumstances import Circumstances
from notifier.domain.identifiers import Pseudonym
from notifier.domain.judgement import decide
from notifier.domain.people import Audience, Device
from notifier.domain.plans import Delivery
from notifier.domain.reasons import Reason
from notifier.domain.verdicts import Decision, Hold, Loudness, Push, Skip


class Claim(Protocol):
    """An open transaction that holds claimed rows."""

    claimed: Sequence[Claimed]

    async def audience_of(self, subjects: Sequence[Pseudonym], now: datetime) -> Mapping[Pseudonym, Audience]:
        """Read the audiences in this transaction."""

    async def settle(self, postponed: Sequence[Postponed], stopped: Sequence[Stopped], now: datetime) -> None:
        """Store what is not sent after all; it commits with the transaction."""


class Waiting(Protocol):
    """The deliveries that wait."""

    def claim(self, lane: str, most: int, now: datetime) -> AbstractAsyncContextManager[Claim]:
        """Claim the oldest due deliveries of a lane; the lease begins now."""


class Feeder(msgspec.Struct, frozen=True, kw_only=True):
    """Feeds every lane of the process from PostgreSQL."""

    waiting: Waiting
    fleet: Fleet
    circumstances: Callable[[datetime], Awaitable[Circumstances]]
    clocks: Clocks
    patience: Patience
    observe: Observe
    idle: timedelta = timedelta(milliseconds=250)
    most: int = 500

    async def run(self) -> None:
        """Feed until cancelled; a full claim is followed by the next at once."""
        while True:
            fed = [await self.patience.insist(partial(self.feed, lane)) for lane in self.fleet.lanes.values()]
            obey_cancellation()
            if max(fed, default=0) < self.most:
                await asyncio.sleep(self.idle.total_seconds())

    async def feed(self, lane: Lane) -> int:
        """Claim what the lane has room for; give how many rows were claimed."""
        room = min(lane.room, self.most)
        if room == 0:
            return 0
        leased_at, now = self.clocks.monotonic(), self.clocks.now()
        around = await self.circumstances(now)
        async with self.waiting.claim(lane.name, room, now) as claim:
            if not claim.claimed:
                return 0
            subjects = list({one.event.subject for one in claim.claimed})
            audiences = await claim.audience_of(subjects, now)
            judged = [judge_again(one, audiences[one.event.subject], around, leased_at) for one in claim.claimed]
            await claim.settle(_only(judged, Postponed), _only(judged, Stopped), now)
        await self.fleet.offer(_only(judged, Due), leased_at)
        self.observe(Rejudged(what="delivery", verdicts=_count(judged)))
        return len(judged)


Judged = Due | Postponed | Stopped
Chosen = TypeVar("Chosen", Due, Postponed, Stopped)


def judge_again(claimed: Claimed, audience: Audience, around: Circumstances, leased_at: float) -> Judged:
    """Say whether a waiting delivery may still go, with what is known of its recipient now (B12, I7).

    `leased_at`, by the monotonic clock, is no later than its claim.
    """
    decisions = decide(claimed.event, audience, claimed.opened_at, around)
    if not decisions:
        return Stopped(claimed=claimed, state="expired", reason=Reason.EXPIRED)
    decision = next((one for one in decisions if one.recipient == claimed.recipient), None)
    if decision is None:
        return Stopped(claimed=claimed, state="cancelled", reason=Reason.LINK_ENDED)
    return _follow(claimed, decision, leased_at)


def _follow(claimed: Claimed, decision: Decision, leased_at: float) -> Judged:
    match decision.verdict:
        case Hold(reason=reason):
            return Postponed(claimed=claimed, reason=reason)
        case Skip(reason=reason):
            return Stopped(claimed=claimed, state="cancelled", reason=reason)
        case Push() as push:
            device = next((one for one in push.devices if one.id == claimed.device), None)
            if device is None:
                return Stopped(claimed=claimed, state="failed", reason=Reason.DEVICE_GONE)
            return _make_due(claimed, device, push, leased_at)


def _make_due(claimed: Claimed, device: Device, push: Push, leased_at: float) -> Due:
    return Due(
        ref=claimed.ref,
        id=claimed.id,
        source=claimed.event.source,
        event_id=claimed.event.id,
        recipient=claimed.recipient,
        subject=claimed.subject,
        device=device.id,
        delivery=Delivery(
            id=claimed.id,
            device=device.id,
            lane=device.lane,
            loudness=claimed.loudness if push.loudness is not Loudness.PASSIVE else push.loudness,
            text_key=claimed.text_key,
            collapse_id=claimed.collapse_id,
            expires_at=push.expires_at,
            sealed=claimed.sealed,
            token=device.token,
            platform=device.platform,
            kind=device.kind,
            leased=True,
            doubtful=device.doubtful,
        ),
        lease=claimed.lease,
        attempts=claimed.attempts,
        opened_at=claimed.opened_at,
        appended_at=None,
        badge=claimed.badge,
        quiet_from=None if claimed.quiet_after is None else leased_at + claimed.quiet_after.total_seconds(),
    )


def _only(judged: Iterable[Judged], kind: type[Chosen]) -> list[Chosen]:
    return [one for one in judged if isinstance(one, kind)]


def _count(judged: Iterable[Judged]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in judged:
        name = "push" if isinstance(one, Due) else f"{type(one).__name__.lower()}:{one.reason}"
        counts[name] = counts.get(name, 0) + 1
    return counts
