"""Held events, judged again until doubt ends (A7, B21, B28)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from notifier.dispatch.batches import Batch, Item, Opened
from notifier.dispatch.claims import HeldEvent
from notifier.dispatch.facts import BatchHalved, Observe, Rejudged
from notifier.dispatch.fleet import Fleet
from notifier.dispatch.intake import Clocks, Directory
from notifier.dispatch.patience import Patience, obey_cancellation
from notifier.dispatch.planning import Planner
from notifier.domain.circumstances import Circumstances
from notifier.domain.devices import update_border
from notifier.domain.faults import Misconfigured, Unavailable
from notifier.domain.identifiers import CollapseId
from notifier.domain.people import Audience
from notifier.domain.plans import Opening, Planned
from notifier.domain.reasons import Reason
from notifier.domain.verdicts import Decision, Skip
from notifier.wire.records import Position

NOWHERE = Position(topic="", partition=-1, offset=-1)
"""The position of what does not come from a record."""
_HELD = "held"
_PUT_OFF = timedelta(minutes=10)
"""Until an event that could not be judged is tried again; its own time ends it if nothing else does (A25)."""


class HeldLedger(Protocol):
    """The held events."""

    async def find_held(self, now: datetime, most: int) -> Sequence[HeldEvent]:
        """Give held events that are due to be judged again."""

    async def reopen(self, batch: Batch) -> Opened:
        """Store what judging again made of those that are still held."""

    async def put_off(self, held: HeldEvent, until: datetime) -> None:
        """Leave an event held, to be judged again no earlier than that."""


class Rejudger(msgspec.Struct, frozen=True, kw_only=True):
    """Judges held events every second or so; each is due every ten (A7)."""

    ledger: HeldLedger
    directory: Directory
    circumstances: Callable[[datetime], Awaitable[Circumstances]]
    planner: Planner
    fleet: Fleet
    clocks: Clocks
    patience: Patience
    observe: Observe
    idle: timedelta = timedelta(seconds=1)
    most: int = 200

    async def run(self) -> None:
        """Judge until cancelled."""
        while True:
            judged = await self.patience.insist(self.judge)
            obey_cancellation()
            if judged < self.most:
                await asyncio.sleep(self.idle.total_seconds())

    async def judge(self) -> int:
        """Judge what is due once; give how many events."""
        now = self.clocks.now()
        held = await self.ledger.find_held(now, self.most)
        if not held:
            return 0
        await self._judge_all(held, now)
        return len(held)

    async def _judge_all(self, held: Sequence[HeldEvent], now: datetime) -> None:
        """Judge them together; where one cannot be judged, halve down to it: the others do not wait (DESIGN 3)."""
        try:
            await self._judge_together(held, now)
        except (Unavailable, Misconfigured):
            raise
        except Exception as fault:  # noqa: BLE001 - one bad event never stops the others
            self.observe(BatchHalved(topic=_HELD, partition=-1, records=len(held), fault=type(fault).__name__))
            if len(held) == 1:
                await self.ledger.put_off(held[0], now + _PUT_OFF)
                return
            middle = len(held) // 2
            for half in (held[:middle], held[middle:]):
                await self._judge_all(half, now)

    async def _judge_together(self, held: Sequence[HeldEvent], now: datetime) -> None:
        leased_at = self.clocks.monotonic()  # what is read of people now may be used this long (A30)
        audiences = await self.directory.audience_of(list({one.event.subject for one in held}), now)
        around = await self.circumstances(now)
        with self.fleet.book() as rooms:
            planner = self.planner.within(rooms)
            openings = [_reopen(planner, one, audiences[one.event.subject], around) for one in held]
            opened = await self.ledger.reopen(self._batch(openings, around))
        await self.fleet.offer(opened.due, leased_at)
        self.observe(Rejudged(what="event", verdicts=opened.reasons))

    def _batch(self, openings: Sequence[Opening], around: Circumstances) -> Batch:
        return Batch(
            spans=(),
            items=tuple(Item(position=NOWHERE, work=opening) for opening in openings),
            letters=(),
            records={},
            day=around.day,
            now=around.now,
            lease=self.planner.lease,
            rejudge_at=around.now + self.planner.rejudge_every,
            catalogue=self.planner.catalogue,
            policy=around.policy.version,
            update_border=update_border(around.policy, around.now),
        )


def _reopen(planner: Planner, held: HeldEvent, audience: Audience, around: Circumstances) -> Opening:
    """Decide anew for those whose notice is held, and for those who came since."""
    waiting = {recipient: noticed.id for recipient, noticed in held.notices.items() if noticed.verdict == "hold"}
    opening = planner.open(held.event, audience, around, held.opened_at, notices=waiting)
    planned = opening.planned or _expire(held, audience)
    kept = tuple(one for one in planned if _is_open(one, held))
    return msgspec.structs.replace(opening, day=held.day, planned=kept)


def _is_open(planned: Planned, held: HeldEvent) -> bool:
    noticed = held.notices.get(planned.decision.recipient)
    return noticed is None or noticed.verdict == "hold"


def _expire(held: HeldEvent, audience: Audience) -> tuple[Planned, ...]:
    """What was held past its useful time is told to nobody (B21)."""
    return tuple(
        Planned(
            decision=Decision(
                recipient=recipient, about=audience.subject.id, region=audience.subject.region,
                verdict=Skip(reason=Reason.EXPIRED),
            ),
            notice=noticed.id,
            collapse_id=CollapseId(b""),
        )
        for recipient, noticed in held.notices.items()
    )  # fmt: skip
