"""How fast a project of Google's is sent to: below its quota, from little to much in a minute (protocols 3.3)."""

import asyncio
from collections.abc import Callable

import msgspec

BURST_SECONDS = 0.1
"""What was not used of the last so long may come at once; a full bucket at the front is what Google asks not to do."""


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """Messages a second, and how they are reached (A33)."""

    first_per_second: int = 1_000
    per_second: int = 9_000
    """Google's is 10,000 a second and project, whatever the number of processes."""
    ramp_seconds: float = 60.0
    idle_seconds: float = 600.0
    """After so long without a message it begins anew."""


class Pace:
    """Gives each message its turn; who waits is bounded by the lane's callers, and waits as long as they take."""

    def __init__(self, quota: Quota, monotonic: Callable[[], float]) -> None:
        self._quota, self._monotonic = quota, monotonic
        self._began = self._last = float("-inf")
        self._next = float("-inf")

    @property
    def per_second(self) -> float:
        """Say how fast it goes now."""
        return self._rate(self._monotonic())

    def begin_anew(self) -> None:
        """Begin with little again: the quota was used up."""
        self._began = self._monotonic()

    async def wait(self) -> None:
        """Return when it is the next message's turn."""
        seconds = self.take()
        if seconds > 0:
            await asyncio.sleep(seconds)

    def take(self) -> float:
        """Take the next turn and say in how many seconds it comes."""
        now = self._monotonic()
        if now - self._last > self._quota.idle_seconds:
            self._began = now
        self._next = max(self._next, now - BURST_SECONDS) + 1 / self._rate(now)
        self._last = max(now, self._next)
        return self._next - now

    def _rate(self, now: float) -> float:
        quota = self._quota
        share = min((now - self._began) / quota.ramp_seconds, 1.0) if quota.ramp_seconds else 1.0
        return quota.first_per_second + (quota.per_second - quota.first_per_second) * share
