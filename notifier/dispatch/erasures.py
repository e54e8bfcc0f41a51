"""Erasing what a tombstone ended, 30 days later, unless it came back or is braked (B22, A9)."""

from datetime import datetime, timedelta
from typing import Protocol

PAGE = 500


class Graveyard(Protocol):
    """Rows that a tombstone ended."""

    async def erase_people(self, before: datetime, limit: int) -> int:
        """Erase at most `limit` persons who went before that instant, with devices and settings; give how many."""

    async def erase_links(self, before: datetime, limit: int) -> int:
        """Erase at most `limit` links that ended before that instant; give how many."""


async def erase(graveyard: Graveyard, keep: timedelta, now: datetime) -> int:
    """Erase everything whose time is over, links first so that nothing names the persons; give how many rows."""
    total = 0
    for erase_page in (graveyard.erase_links, graveyard.erase_people):
        while erased := await erase_page(now - keep, PAGE):
            total += erased
    return total
