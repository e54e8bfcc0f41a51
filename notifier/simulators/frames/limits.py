"""How many streams a connection may have: Apple's way of opening and narrowing (protocols 2.1, 2.7)."""

from collections import deque

from notifier.simulators.frames.mischief import Mischief

# Answers that only a request with good credentials gets.
PROVEN = frozenset({200, 400, 410, 413})
NARROWED = 1


class StreamLimit:
    """What was announced to one client, and what it is held to."""

    def __init__(self, mischief: Mischief, streams: int) -> None:
        """Allow `streams`, or what is ordered, perhaps fewer until a first request proves its credentials."""
        self._wide = mischief.streams or streams
        self._falls_back = mischief.fall_back
        self._is_proven = mischief.first_streams is None
        self.announced = mischief.first_streams or self._wide
        self._held = self.announced
        self._told: deque[int] = deque([self.announced])

    def is_reached(self, open_streams: int) -> bool:
        """Say whether one more is too many; what was narrowed counts once it is acknowledged, what was widened at once.

        The first limit counts from the first byte, for also the real ones refuse what is sent before SETTINGS arrive.
        """
        return open_streams >= max((self._held, *self._told))

    def acknowledge(self) -> None:
        """Hold the client to what it has acknowledged, one SETTINGS at a time."""
        if self._told:
            self._held = self._told.popleft()

    def learn(self, status: int) -> int | None:
        """Give the new limit that follows from an answer, None if it stays."""
        self._is_proven = self._is_proven or status in PROVEN
        wanted = self._follow(status)
        if wanted == self.announced:
            return None
        self.announced = wanted
        self._told.append(wanted)
        return wanted

    def _follow(self, status: int) -> int:
        if not self._is_proven:
            return self.announced
        if self._falls_back and 400 <= status < 500 and status != 410:
            return NARROWED
        narrowed = self._falls_back and self.announced == NARROWED
        return self.announced if narrowed and status != 200 else self._wide
