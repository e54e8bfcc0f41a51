"""Between lane and recorder: an attempt becomes a settlement (steps 5 and 6)."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from notifier.dispatch.batches import Badge, Due
from notifier.dispatch.recorder import Record
from notifier.domain.pushes import Accepted, Outcome, Refused, Trouble
from notifier.domain.reasons import Reason
from notifier.domain.settlements import Attempts, Done, Failed, Settlement, Waits, settle

_DONE = Done()


class Settling(msgspec.Struct, frozen=True, kw_only=True):
    """Attempts a lane's entries and hands what came of them to the recorder."""

    attempt: Callable[[Due], Awaitable[tuple[Outcome, Badge]]]
    put: Callable[[Record], Awaitable[None]]
    waits: Waits
    clock: Callable[[], datetime]
    chance: Callable[[], float]

    async def handle(self, due: Due) -> None:
        """Attempt one delivery unless its time has passed, and settle it."""
        if due.delivery.expires_at <= self.clock():
            await self._put(due, Failed(reason=Reason.EXPIRED), due.badge)
            return
        try:
            outcome, badge = await self.attempt(due)
        except (LookupError, ValueError):
            # A token that our keys do not open, or a payload over the limit: it would be so every time.
            outcome, badge = Refused(trouble=Trouble.REFUSED), due.badge
        if isinstance(outcome, Accepted):
            await self._put(due, _DONE, badge)
            return
        attempts = Attempts(
            earlier=due.attempts,
            platform=due.delivery.platform,
            left=due.delivery.expires_at - self.clock(),
            chance=self.chance(),
        )
        await self._put(due, settle(outcome, attempts, self.waits), badge)

    async def give_back(self, due: Due) -> None:
        """Let a delivery go unattempted: it is claimable at once."""
        await self._put(due, None, due.badge)

    async def _put(self, due: Due, settlement: Settlement | None, badge: Badge) -> None:
        await self.put(Record(due=due, settlement=settlement, badge=badge, at=self.clock()))
