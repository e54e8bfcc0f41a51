"""Step 5 of the path: one delivery to its provider, with no transaction and no connection held (I8)."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from notifier.dispatch.badges import Badges
from notifier.dispatch.batches import Badge, Due
from notifier.dispatch.bounds import Monotonic
from notifier.dispatch.facts import Observe
from notifier.dispatch.lane_facts import Attempted
from notifier.domain.identifiers import DeviceId
from notifier.domain.plans import make_push_id
from notifier.domain.pushes import Accepted, Again, Alert, Outcome, Parcel, Refused, TokenGone
from notifier.domain.verdicts import Loudness


class Transport(Protocol):
    """A provider's connections; every answer, silence and broken connection is an outcome."""

    def send(self, parcel: Parcel) -> Awaitable[Outcome]:
        """Hand one parcel over."""


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """Makes parcels of deliveries and hands them to the transport of their lane."""

    transports: Mapping[str, Transport]
    open_token: Callable[[DeviceId, bytes], str]
    badges: Badges
    key_id: str
    wall: Callable[[], datetime]
    monotonic: Monotonic
    observe: Observe
    reach: Callable[[str], None]

    async def attempt(self, due: Due) -> tuple[Outcome, Badge]:
        """Send a delivery with the newest badge; give what the provider said and the badge it carried."""
        badge = self.badges.newest(due.recipient, due.badge)
        began = self.monotonic()
        self.reach("send.before")
        outcome = await self.transports[due.delivery.lane].send(self._wrap(due, badge))
        self.reach("send.after")
        self.observe(
            Attempted(
                lane=due.delivery.lane,
                platform=due.delivery.platform,
                kind="alert",
                outcome=name_outcome(outcome),
                trouble=outcome.trouble if isinstance(outcome, Again | Refused) else None,
                took=timedelta(seconds=self.monotonic() - began),
                since_append=self._since_append(due, outcome),
            )
        )
        return outcome, badge

    def _wrap(self, due: Due, badge: Badge) -> Parcel:
        delivery = due.delivery
        return Parcel(
            id=make_push_id(due.ref.notice, due.id),
            platform=delivery.platform,
            lane=delivery.lane,
            token=self.open_token(due.device, delivery.token),
            kind=delivery.kind,
            content=Alert(
                text_key=delivery.text_key,
                loudness=Loudness.PASSIVE if self._must_be_quiet(due) else delivery.loudness,
                badge=badge.unread,
                collapse_id=delivery.collapse_id,
                expires_at=delivery.expires_at,
                sealed=delivery.sealed,
                key_id=self.key_id,
            ),
            doubtful=delivery.doubtful,
        )

    def _must_be_quiet(self, due: Due) -> bool:
        """Ask at the attempt: between the claim and it an entry may wait for a third of the lease and more."""
        return due.quiet_from is not None and self.monotonic() >= due.quiet_from

    def _since_append(self, due: Due, outcome: Outcome) -> timedelta | None:
        if due.appended_at is None or not isinstance(outcome, Accepted):
            return None
        return self.wall() - due.appended_at


def name_outcome(outcome: Outcome) -> str:
    """Name an outcome for metrics."""
    match outcome:
        case Accepted():
            return "accepted"
        case TokenGone():
            return "token_gone"
        case Again():
            return "again"
        case Refused():
            return "refused"
