"""What became of each record, and what is unread: counted once more by the rules alone (A4, A6, A21 to A24, B10)."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from notifier.domain.events import Event, Mark, MarkKind


class Unread:
    """Takes records in the order of their commits; `person` gives ids by pseudonym, `cursed` what cannot be stored."""

    def __init__(self, person: dict[bytes, int], cursed: set[bytes]) -> None:
        self.person = person
        self._cursed = cursed
        self.fates: Counter[tuple[int, str]] = Counter()
        self.events: dict[bytes, Event] = {}
        self.marks: dict[bytes, list[Mark]] = {}
        self.counted: dict[tuple[int, bytes], tuple[int, datetime]] = {}
        """Unread matters: (recipient, matter) -> (person represented, time of the newest event)."""
        self.newest: dict[tuple[int, bytes], datetime] = {}
        self.gate: dict[bytes, bytes] = {}
        self.owner: dict[bytes, bytes] = {}
        self._refused: dict[bytes, bytes] = {}
        """Within one batch, what a matter refused is known to later copies."""

    def begin_batch(self) -> None:
        self._refused.clear()

    def take(self, partition: int, item: Event | Mark | None) -> str:
        """Count a record by its first fate, and do what it says."""
        fate = self._fate_of(item)
        self.fates[partition, fate] += 1
        if fate == "opened":
            self.events[item.key] = item
        elif fate == "marks":
            self._mark(item)
        return fate

    def end(self, shares: set[tuple[int, int]]) -> None:
        """Nobody counts what they may no longer know: (recipient, person represented)."""
        for key, (about, _) in list(self.counted.items()):
            if (key[0], about) in shares:
                del self.counted[key]

    def _fate_of(self, item: Event | Mark | None) -> str:
        """A6: each record by its first fate; a dead letter leaves nothing behind (A4)."""
        if item is None:
            return "dead_letters"
        if (known := self.gate.get(item.key) or self._refused.get(item.key)) is not None:
            return "duplicates" if known == item.digest else "dead_letters"
        if item.key in self._cursed:
            return "dead_letters"
        if self.owner.setdefault(item.matter_key, item.subject) != item.subject:
            self._refused[item.key] = item.digest
            return "dead_letters"
        self.gate[item.key] = item.digest
        return "opened" if isinstance(item, Event) else "marks"

    def _mark(self, mark: Mark) -> None:
        """B10, A22: `read` for one, the others for all, of what happened up to `at`."""
        self.marks.setdefault(mark.matter_key, []).append(mark)
        for (recipient, matter), (_, time) in list(self.counted.items()):
            mine = mark.kind is not MarkKind.READ or recipient == self.person.get(mark.by)
            if matter == mark.matter_key and mine and time <= mark.at:
                del self.counted[recipient, matter]

    def covers(self, event: Event, recipient: int, *kinds: MarkKind) -> bool:
        """Say whether a mark known by now covers an event for somebody."""
        return any(
            mark.kind in kinds
            and event.time <= mark.at
            and (mark.kind is not MarkKind.READ or self.person.get(mark.by) == recipient)
            for mark in self.marks.get(event.matter_key, ())
        )

    def push(self, event: Event, recipient: int, about: int) -> Iterator[str]:
        """A24: it counts from here, unless a mark or a newer event had come (A22, A23)."""
        key = recipient, event.matter_key
        if self.covers(event, recipient, *MarkKind):
            yield f"A22: {event.id} goes to {recipient} though it was handled"
        if key in self.newest and self.newest[key] > event.time:
            yield f"A23: {event.id} goes to {recipient} after a newer one"
        self.newest[key] = event.time
        self.counted[key] = about, event.time
