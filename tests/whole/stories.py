"""A long mixture of events, broken records, copies and marks before or after their event, from one seed."""

import random
from collections import deque
from collections.abc import Iterator

from tests.whole.book import Book, Told
from tests.whole.people import Person

BROKEN, COPIES, MARKS = 0.01, 0.02, 0.05
_CHUNK = 500
_MOST_CHUNKS_LATER = 6


class Mixture:
    """Gives records in chunks: what is to come later is mixed into one of the next chunks."""

    def __init__(self, book: Book, people: list[Person], seed: int) -> None:
        self._book = book
        self._people = people
        self._chance = random.Random(seed)
        self._later: deque[list[bytes]] = deque([] for _ in range(_MOST_CHUNKS_LATER + 1))

    def chunks(self, events: int) -> Iterator[list[bytes]]:
        """Give everything that belongs to so many events."""
        for start in range(0, events, _CHUNK):
            yield self._mix(min(_CHUNK, events - start))
        yield from self._later

    def _mix(self, events: int) -> list[bytes]:
        now = self._later.popleft()
        self._later.append([])
        for _ in range(events):
            told = self._book.tell(self._chance.choice(self._people))
            if self._chance.random() < MARKS:
                mark = self._mark(told)
                first, second = (mark, told.value) if self._chance.random() < 0.5 else (told.value, mark)
                now.append(first)
                self._put_off(second)
            else:
                now.append(told.value)
            if self._chance.random() < COPIES:
                self._put_off(self._book.copy(told))
            if self._chance.random() < BROKEN:
                now.append(self._book.break_one())
        self._chance.shuffle(now)
        return now

    def _mark(self, told: Told) -> bytes:
        if not told.subject.guardians:
            return self._book.mark_read(told)
        if self._chance.random() < 0.5:
            return self._book.mark_acted(told)
        return self._book.mark_read(told, self._chance.choice(told.subject.guardians))

    def _put_off(self, value: bytes) -> None:
        self._chance.choice(self._later).append(value)
