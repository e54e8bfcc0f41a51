"""What was committed, told again from the beginning by rules of its own: fates, marks, badges, and each decision."""

from datetime import datetime
from typing import Any

from notifier.domain.verdicts import Push, Skip
from tests.simulation.eligibility import Facts, is_doubtful, may_learn
from tests.simulation.unread import Unread
from tests.simulation.world import World

_BY_MATTER = ("already_handled", "withdrawn", "superseded")
_SURVEY_SECONDS = 4.0


class Chronicle:
    """Replays the history of a run; what breaks a rule on the way is in `broken`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.broken: list[str] = []
        self.facts = Facts()
        self.unread = Unread(dict(world.tables.lookups), world.story.cursed)
        self.tightened: dict[tuple[int, int], list[tuple[int, float]]] = {}
        self.born: dict[bytes, dict[int, tuple[int, int, float]]] = {}
        """Event -> notice -> number of the read, and number and instant of the commit that opened it."""
        self.claims: dict[int, list[tuple[int, float]]] = {}
        self.handed: dict[int, list[tuple[str, float]]] = {}
        """Delivery -> which processes got its lease, and when."""
        self.hidden: set[int] = set()
        """Who was protected at any time."""
        self.accepted: dict[int, int] = {}
        self.told: dict[bytes, int] = {}
        self.ended: dict[bytes, int] = {}
        """Event -> number of the commit that first told somebody, and of its end."""
        self._reads: dict[str, tuple[int, float, Facts]] = {}
        self._surveys: dict[str, list[tuple[float, Any]]] = {}
        self._snapshot: Facts | None = None
        self._claimed: tuple[int, ...] = ()
        for number, (at, what, value) in enumerate(world.tables.history):
            getattr(self, f"_take_{what}")(number, at, value)

    def _take_person(self, _number: int, _at: float, person: Any) -> None:
        self.facts.people[person.id], self._snapshot = person, None
        if person.protected:
            self.hidden.add(person.id)

    def _take_link(self, _number: int, _at: float, value: Any) -> None:
        self.facts.links[value[0]], self._snapshot = value[1], None

    def _take_muted(self, _number: int, _at: float, value: Any) -> None:
        self.facts.muted[value[0]], self._snapshot = value[1], None

    def _take_device(self, _number: int, _at: float, row: Any) -> None:
        self.facts.devices[row.device.id], self._snapshot = row, None

    def _take_halts(self, _number: int, _at: float, _value: Any) -> None:
        """Known to processes by their surveys."""

    def _take_ended(self, number: int, _at: float, value: Any) -> None:
        self.ended.setdefault(value[0], number)

    def _take_surveyed(self, _number: int, at: float, value: Any) -> None:
        self._surveys.setdefault(value[0], []).append((at, value[1]))

    def _take_read(self, number: int, at: float, task: str) -> None:
        if self._snapshot is None:
            self._snapshot = self.facts.copy()
        self._reads[task] = (number, at, self._snapshot)

    def _take_tightened(self, number: int, at: float, shares: Any) -> None:
        for share in shares:
            self.tightened.setdefault(share, []).append((number, at))
        self.unread.end(set(shares))

    def _take_accepted(self, number: int, _at: float, delivery: int) -> None:
        self.accepted.setdefault(delivery, number)
        self.told.setdefault(self._world.tables.deliveries[delivery].ref.event, number)

    def _take_claimed(self, number: int, at: float, value: Any) -> None:
        task, self._claimed = value
        for one in self._claimed:
            self.handed.setdefault(one, []).append((task.split(" ")[0], at))
            if one in self.accepted:
                self.broken.append(f"I3: delivery {one} was claimed after it was accepted")
            self.claims.setdefault(one, []).append((number, at))

    def _take_judged(self, _number: int, _at: float, value: Any) -> None:
        """B12: what a claim lets go must still be allowed, with what is known at that moment."""
        now, left, stopped = value
        for one in self._claimed:
            row = self._world.tables.deliveries[one]
            event = self.unread.events[row.ref.event]
            about = self.unread.person[event.subject]
            allowed = may_learn(self.facts, event, row.recipient, about, now)
            if one not in left and not allowed:
                self.broken.append(f"B12: {event.id} was claimed for {row.recipient}, who may not learn of it")
            if one in stopped and stopped[one] not in ("expired", "device_gone") and allowed:
                self.broken.append(f"R5: {event.id} was stopped ({stopped[one]}) for {row.recipient}, who may learn")

    def _take_opened(self, number: int, at: float, value: Any) -> None:
        task, batch, notices = value
        by_event: dict[bytes, list[Any]] = {}
        for opening, settled in notices:
            by_event.setdefault(opening.event.key, []).append((opening, settled))
        self.unread.begin_batch()
        for span in batch.spans:
            for one in self._world.story.partitions[span.partition]:
                if span.expected <= one.offset < span.next_offset:
                    fate = self.unread.take(span.partition, one.item)
                    if fate == "opened":
                        self._decide(number, at, task, batch.now, by_event.get(one.item.key, []))

    def _take_reopened(self, number: int, at: float, value: Any) -> None:
        task, batch, notices = value
        self._decide(number, at, task, batch.now, notices)

    def _decide(self, number: int, at: float, task: str, now: datetime, notices: list[Any]) -> None:
        read, read_at, facts = self._reads[task]
        for opening, settled in notices:
            event, decision = opening.event, settled.planned.decision
            recipient, about = decision.recipient, decision.about
            allowed = may_learn(facts, event, recipient, about, now)
            if isinstance(settled.verdict, Push):
                self.born.setdefault(event.key, {})[settled.planned.notice] = read, number, at
                for delivery in settled.planned.deliveries:
                    self.handed.setdefault(delivery.id, []).append((task.split(" ", maxsplit=1)[0], at))
                self.broken += self.unread.push(event, recipient, about)
                if not allowed:
                    self.broken.append(f"R6: {event.id} goes to {recipient}, who may not learn of it")
                elif self._is_doubted(task, read_at, facts, (event, recipient, about, now)):
                    self.broken.append(f"I7: {event.id} goes to {recipient} in spite of doubt")
            elif isinstance(settled.verdict, Skip) and settled.verdict.reason not in (*_BY_MATTER, "expired"):
                if allowed:
                    self.broken.append(f"R5: {recipient} may learn of {event.id} and is left out: {settled.verdict}")

    def _is_doubted(self, task: str, read_at: float, facts: Facts, case: Any) -> bool:
        event, recipient, about, now = case
        known = self._surveys.get(task.split(" ", maxsplit=1)[0], [])
        near = [found for at, found in known if at >= read_at - _SURVEY_SECONDS]
        return bool(near) and all(is_doubtful(found, facts, event, recipient, about, now) for found in near)


def expected_totals(chronicle: Chronicle, partition: int) -> dict[str, int]:
    """Give the account of a partition as the chronicle counts it."""
    names = ("opened", "marks", "duplicates", "dead_letters")
    return {name: chronicle.unread.fates[partition, name] for name in names}
