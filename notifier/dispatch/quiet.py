"""Silent work owed to devices: badge down everywhere, shown pushes removed (R2, R14, TRAPS)."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import msgspec

from notifier.dispatch.badges import Badges
from notifier.dispatch.bounds import Monotonic
from notifier.dispatch.debts import Debts, Owed, Paid
from notifier.dispatch.facts import Observe
from notifier.dispatch.lane_facts import Attempted
from notifier.dispatch.patience import Patience, obey_cancellation
from notifier.dispatch.sender import Transport, name_outcome
from notifier.domain.identifiers import DeviceId
from notifier.domain.people import Platform
from notifier.domain.pushes import Accepted, Again, BadgeDown, Outcome, Parcel, Refused, Removal, TokenGone, Trouble
from notifier.domain.settlements import Attempts, Later, Waits, settle

REMOVALS_AN_HOUR = 2
"""Background pushes to one Apple device; tightenings are outside it (TRAPS, A30)."""
Attempt = asyncio.Task[Paid]


class Quiet(msgspec.Struct, frozen=True, kw_only=True):
    """Pays one lane's silent work, a few devices at a time, beside the alerts."""

    lane: str
    transport: Transport
    debts: Debts
    open_token: Callable[[DeviceId, bytes], str]
    entropy: Callable[[int], bytes]
    badges: Badges
    waits: Waits
    monotonic: Monotonic
    patience: Patience
    observe: Observe
    halted: Callable[[], bool]
    idle: timedelta = timedelta(milliseconds=300)
    most: int = 100
    """Devices at one time; those whose answers are slow keep no others waiting."""

    async def run(self) -> None:
        """Pay until cancelled; a full claim is followed by the next at once."""
        under_way: list[Attempt] = []
        async with asyncio.TaskGroup() as tasks:
            while True:
                room = self.most - len(under_way)
                owed = await self._claim(room)
                under_way = await self._pay([*under_way, *(tasks.create_task(self._try(one)) for one in owed)])
                obey_cancellation()
                if len(owed) < room and not under_way:
                    await asyncio.sleep(self.idle.total_seconds())

    async def _claim(self, room: int) -> Sequence[Owed]:
        if self.halted() or not room:
            return ()
        return await self.patience.insist(partial(self.debts.claim_quiet, self.lane, room))

    async def _pay(self, under_way: list[Attempt]) -> list[Attempt]:
        """Store what is done within the idle time, and give what is not."""
        if under_way:
            await asyncio.wait(under_way, timeout=self.idle.total_seconds())
        paid = [attempt.result() for attempt in under_way if attempt.done()]
        left = [attempt for attempt in under_way if not attempt.done()]
        if paid:
            await self.patience.insist(partial(self.debts.pay, paid))
        return left

    async def _try(self, owed: Owed) -> Paid:
        """Serve one device; what can never be sent (a token that our keys do not open) is not owed any longer."""
        try:
            return await self._serve(owed)
        except (LookupError, ValueError):
            return Paid(owed=owed, badge_done=True, removal_done=True)

    async def _serve(self, owed: Owed) -> Paid:
        if owed.gone:
            return Paid(owed=owed, badge_done=True, removal_done=True)
        if owed.platform is Platform.ANDROID and owed.removals:
            outcome = await self._send(owed, self._removal(owed), "removal")
            return self._judge(owed, outcome, outcome)
        badge = await self._send(owed, self._badge_down(owed), "badge") if owed.with_badge else None
        if owed.removals and not owed.urgent and owed.removed >= REMOVALS_AN_HOUR:
            paid = self._judge(owed, badge, None)
            wait = timedelta(minutes=30) if paid.badge_done else paid.wait
            return msgspec.structs.replace(paid, removal_done=False, wait=wait)
        removal = await self._send(owed, self._removal(owed), "removal") if owed.removals else None
        return self._judge(owed, badge, removal)

    def _badge_down(self, owed: Owed) -> BadgeDown:
        return BadgeDown(badge=self.badges.newest(owed.recipient, owed.badge).unread)

    def _removal(self, owed: Owed) -> Removal:
        unread = self.badges.newest(owed.recipient, owed.badge).unread
        return Removal(collapse_ids=owed.removals, badge=unread)

    async def _send(self, owed: Owed, content: BadgeDown | Removal, kind: str) -> Outcome:
        began = self.monotonic()
        outcome = await self.transport.send(
            Parcel(
                id=self.entropy(16),
                platform=owed.platform,
                lane=owed.lane,
                token=self.open_token(owed.device, owed.token),
                kind=owed.kind,
                content=content,
                doubtful=owed.doubtful,
            )
        )
        self.observe(
            Attempted(
                lane=owed.lane,
                platform=owed.platform,
                kind=kind,
                outcome=name_outcome(outcome),
                trouble=outcome.trouble if isinstance(outcome, Again | Refused) else None,
                took=timedelta(seconds=self.monotonic() - began),
                since_append=None,
            )
        )
        return outcome

    def _judge(self, owed: Owed, badge: Outcome | None, removal: Outcome | None) -> Paid:
        """Say what is left to do; None stands for what was not to be sent."""
        attempts = Attempts(earlier=owed.attempts, platform=owed.platform)
        outcomes = [one for one in (badge, removal) if one is not None]
        settled = [settle(outcome, attempts, self.waits) for outcome in outcomes]
        return Paid(
            owed=owed,
            badge_done=self._done(badge),
            removal_done=self._done(removal),
            wait=max((one.wait for one in settled if isinstance(one, Later)), default=timedelta()),
            taken=any(isinstance(one, Accepted) for one in outcomes),
        )

    def _done(self, outcome: Outcome | None) -> bool:
        """What a provider will never take is not tried again either; what our own set-up spoils waits (A20)."""
        if isinstance(outcome, Refused):
            return outcome.trouble is not Trouble.CONFIGURATION
        return outcome is None or isinstance(outcome, Accepted | TokenGone)
