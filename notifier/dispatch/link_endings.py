"""Links that end by themselves: by their date, or by the child's birthday (B12)."""

from datetime import date, datetime
from typing import Protocol

from notifier.domain.ages import local_day

PAGE = 1000


class Shares(Protocol):
    """What guardians are told about children."""

    async def end_lapsed(self, day: date, age: int, limit: int, now: datetime) -> int:
        """End at most `limit` shares whose link gives nothing on that day in Stockholm; give how many."""


async def end_lapsed(shares: Shares, proxy_max_age: int, now: datetime) -> int:
    """Take the shares of ended links off the guardians' phones; give how many.

    Called at least every 60 s (B12). `proxy_max_age` is the lowest of the catalogue. It also finds what an opening
    wrote that had read its audience before a change tightened it.
    """
    total = 0
    while ended := await shares.end_lapsed(local_day(now), proxy_max_age, PAGE, now):
        total += ended
        if ended < PAGE:
            break
    return total
