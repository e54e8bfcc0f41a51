"""The mass-change brake: one faulty feed must not wipe the country (B22, A10).

Tightening is never delayed. What waits while a kind is braked is what takes away or opens up: erasing after a
tombstone or a death, deleting the contact points of the newly protected, lifting a block or a protection. (The last is
not among B22's four, but a feed that loses the flag would be the worst of all: it is the safe reading.)
"""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from notifier.domain.policy import Policy

RELEASE_PAGE = 1000


class Kind(StrEnum):
    """What is counted apart, per topic and hour."""

    BLOCK_LIFTED = "block_lifted"
    DEATH = "death"
    PROTECTION = "protection"
    PROTECTION_LIFTED = "protection_lifted"
    TOMBSTONE = "tombstone"


class Brake(msgspec.Struct, frozen=True, kw_only=True):
    """When a kind's changes in an hour are too many to be true."""

    share: float
    floor: int

    def limit(self, rows_before: int) -> int:
        """Give the fewest changes in an hour, of so many rows at its start, that need people to look."""
        return max(int(self.share * rows_before) + 1, self.floor)


def brake_of(policy: Policy) -> Brake:
    """Give the brake that the policy describes."""
    return Brake(share=policy.brake_share, floor=policy.brake_floor)


class Tripped(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of change that is held from now on, until people release it."""

    kind: Kind
    changes: int
    limit: int


class Brakes(Protocol):
    """The brakes that are on, and what waits behind them."""

    async def release(self, topic: str, kind: Kind, now: datetime) -> bool:
        """Release a kind; False if it was not braked."""

    async def let_through(self, kind: Kind, limit: int) -> int:
        """Do at most `limit` of what waited for a kind that is no longer braked; give how many."""


async def release(brakes: Brakes, topic: str, kind: Kind, now: datetime) -> int | None:
    """Release a kind and do all that waited for it; give how many rows that were, None if it was not braked."""
    if not await brakes.release(topic, kind, now):
        return None
    total = 0
    while done := await brakes.let_through(kind, RELEASE_PAGE):
        total += done
    return total
