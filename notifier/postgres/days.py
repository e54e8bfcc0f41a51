"""The days of partitions: statements name those they may touch, each once, and the others stay shut (DESIGN 5)."""

from collections.abc import Iterable
from datetime import date, timedelta

DAYS_OPEN = 26
"""An event is open at most 14 days after its opening; ten more for a clock that was moved (A34), two for the turn."""


def open_days(today: date) -> list[date]:
    """Give the days whose events can still be open."""
    return [today - timedelta(days=back) for back in range(-1, DAYS_OPEN)]


def distinct(days: Iterable[date]) -> list[date]:
    """Give each day once: an index condition on a thousand equal days is sorted anew at every row (measured)."""
    return sorted(set(days))
