"""Crash points by name, for tests: wired here and nowhere else."""

import os
from collections.abc import Callable
from signal import SIGKILL

from notifier.domain.faults import Misconfigured

POINTS = (
    "open.after_position",
    "open.before_commit",
    "open.after_commit",
    "send.before",
    "send.after",
    "record.before_commit",
    "record.after_commit",
    "relay.before_publish",
    "relay.after_publish",
    "relay.after_settle",
    "project.after_commit",
    "feed.after_claim",
    "rejudge.after_commit",
    "quiet.after_claim",
    "quiet.before_pay",
    "quiet.after_pay",
)


def make_reach(die_at: str | None) -> Callable[[str], None]:
    """Give what the path calls at its named points: nothing, or the end of this process at one of them.

    `open.after_commit:3` ends it the third time.
    """
    if die_at is None:
        return _go_on
    point, _, count = die_at.partition(":")
    if point not in POINTS or not (count or "1").isdecimal():
        raise Misconfigured(f"TEST__DIE_AT: {die_at} is no crash point; choose one of {', '.join(POINTS)}.")
    return _Deadly(point, int(count or "1"))


def _go_on(_point: str) -> None:
    """Reach a point alive."""


class _Deadly:
    def __init__(self, point: str, count: int) -> None:
        self._point = point
        self._left = count

    def __call__(self, point: str) -> None:
        """End the process as a power cut would, the n-th time the point is reached."""
        if point == self._point:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), SIGKILL)
