"""Business time that can be moved forward, the same in every process of a sandbox (A34)."""

import mmap
import struct
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from notifier.app.house import utc_now
from notifier.app.sandbox.keeping import keep, spoilt

MOST_AHEAD = timedelta(days=10)
_AHEAD = struct.Struct("<q")
_MILLISECOND = timedelta(milliseconds=1)
_END = "."
"""Ends each line of the journal: one without it was cut short, and the next begins on a line of its own."""


class MovedClock:
    """The real time and how far it was moved; kept in eight bytes that every process of the sandbox maps."""

    def __init__(self, folder: Path, wall: Callable[[], datetime] = utc_now) -> None:
        self._wall = wall
        path = folder / "clock"
        if not path.exists():
            keep(path, _AHEAD.pack(0))
        if path.stat().st_size != _AHEAD.size:
            raise spoilt(path)
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _AHEAD.size)
        if not 0 <= _AHEAD.unpack_from(self._shared)[0] <= MOST_AHEAD // _MILLISECOND:
            raise spoilt(path)
        self._journal = folder / "clock.moves"
        self._moves = _read_moves(self._journal)

    @property
    def ahead(self) -> timedelta:
        """Say how far it has been moved."""
        milliseconds: int = _AHEAD.unpack_from(self._shared)[0]
        return milliseconds * _MILLISECOND

    @property
    def left(self) -> timedelta:
        """Say how far it can still be moved."""
        return MOST_AHEAD - self.ahead

    def now(self) -> datetime:
        """Give the business time."""
        return self._wall() + self.ahead

    def read(self, real: datetime) -> datetime:
        """Give what the clock showed at a real instant."""
        at = bisect_right(self._moves, real, key=lambda move: move[0])
        return real + (self._moves[at - 1][1] if at else timedelta())

    def forward(self, by: timedelta) -> None:
        """Move it; ValueError back, or beyond ten days in all."""
        if by <= timedelta() or by > self.left:
            raise ValueError(f"the clock moves forward, {MOST_AHEAD.days} days in all")
        move = (self._wall(), self.ahead + by)
        with self._journal.open("a", encoding="ascii") as journal:
            journal.write(f"\n{move[0].isoformat()} {move[1] // _MILLISECOND} {_END}\n")
        self._moves.append(move)
        _AHEAD.pack_into(self._shared, 0, move[1] // _MILLISECOND)


def _read_moves(journal: Path) -> list[tuple[datetime, timedelta]]:
    """Read the moves; a line that a crash cut short is none, nor is what nobody can have written."""
    text = journal.read_text("ascii", errors="replace") if journal.exists() else ""
    return [move for line in text.splitlines() if (move := _read_move(line)) is not None]


def _read_move(line: str) -> tuple[datetime, timedelta] | None:
    moment, _, rest = line.partition(" ")
    ahead, _, end = rest.partition(" ")
    try:
        return (datetime.fromisoformat(moment).astimezone(UTC), int(ahead) * _MILLISECOND) if end == _END else None
    except (ValueError, OverflowError):
        return None
