"""The few ports that only a story has: what no ledger can store, how fresh feeds are, nothing sealed."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Protocol

from notifier.dispatch.admission import Admission, record_of
from notifier.dispatch.batches import Batch, Opened
from notifier.dispatch.circumstances import Surroundings
from tests.fakes.ledger import FakeLedger
from tests.fakes.rows import Tables
from tests.simulation.phones import Post
from tests.simulation.story import Story
from tests.simulation.weather import SeededMood, Weather


class Shared(Protocol):
    """What every process shares."""

    tables: Tables
    story: Story
    post: Post
    weather: Weather
    chance: Random
    trace: list[str]

    def now(self) -> datetime: ...
    def surroundings(self) -> Surroundings: ...


class StoryLedger(FakeLedger):
    """A ledger that cannot store what is cursed, as PostgreSQL refuses values of class 22."""

    def __init__(self, tables: Tables, mood: SeededMood, story: Story) -> None:
        super().__init__(tables, mood)
        self._story = story

    def _store(self, batch: Batch, admission: Admission) -> Opened:
        stored = super()._store(batch, admission)
        if any(record_of(item).key in self._story.cursed for items in admission.admitted.values() for item in items):
            raise ValueError("cursed")
        return stored


class FakeSurveyor:
    """How fresh the feeds are and what is halted."""

    def __init__(self, tables: Tables, surroundings: Callable[[], Surroundings], name: str, mood: SeededMood) -> None:
        self._tables = tables
        self._surroundings = surroundings
        self._name = name
        self._mood = mood

    async def survey(self) -> Surroundings:
        async with self._tables.begin(self._mood, "survey"):
            found = self._surroundings()
            self._tables.note("surveyed", (self._name, found))
        return found


class Clear:
    """Seals nothing: what is inside is not the simulation's matter."""

    def write(self, event: object, about: bytes | None) -> bytes:
        return b""

    def seal(self, written: bytes, device: object, push_id: bytes) -> bytes:
        return b""


def open_token(_device: int, sealed: bytes) -> str:
    return sealed.decode()


def ignore(_fact: object) -> None:
    """Facts are for metrics."""
