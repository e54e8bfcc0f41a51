"""Silent work owed to devices, as it is claimed and paid."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

import msgspec

from notifier.dispatch.batches import Badge
from notifier.domain.identifiers import CollapseId, DeviceId, PersonId
from notifier.domain.people import Platform


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """What one device is owed, claimed."""

    device: DeviceId
    recipient: PersonId
    platform: Platform
    lane: str
    kind: str
    token: bytes
    badge: Badge
    with_badge: bool
    removals: tuple[CollapseId, ...]
    urgent: bool
    removed: int
    """Removals within the last hour."""
    lease: int
    """Of this claim alone: who holds an older one has nothing to say any more."""
    wanted: int
    attempts: int
    gone: bool
    doubtful: bool
    """Its token may be bad (R17)."""


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """What a device got of it; what is left waits."""

    owed: Owed
    badge_done: bool
    removal_done: bool
    wait: timedelta = timedelta()
    taken: bool = False
    """The provider took something of it: its token works."""


class Debts(Protocol):
    """Where silent work is kept."""

    async def claim_quiet(self, lane: str, most: int) -> Sequence[Owed]:
        """Claim due work of a lane."""

    async def pay(self, paid: Sequence[Paid]) -> None:
        """Store what was done of it."""
