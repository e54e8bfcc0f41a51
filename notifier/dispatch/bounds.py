"""What a lane holds, within which bounds, and what it asks of those who do its work."""

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

import msgspec

from notifier.dispatch.batches import Due

Monotonic = Callable[[], float]
"""Seconds of a clock that never goes back; it is what a lease is compared with in the process."""


class Held(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A delivery in a lane, and until when this process may attempt it."""

    due: Due
    lease_until: float


class Work(Protocol):
    """What is done with a lane's entries."""

    async def handle(self, due: Due) -> None:
        """Attempt one and settle it; never raises for what a provider does."""

    async def give_back(self, due: Due) -> None:
        """Let one go unattempted."""


class Limits(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A lane's bounds."""

    workers: int
    """Attempts in flight."""
    most: int
    """Entries held however fast it runs."""
    lease: timedelta
    request_deadline: timedelta


class Rooms(Protocol):
    """Says whether a lane of this process can take one more (DESIGN 3)."""

    def reserve(self, lane: str) -> bool:
        """Take a place; False where the delivery must wait in PostgreSQL."""
