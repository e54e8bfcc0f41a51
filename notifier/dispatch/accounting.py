"""Whether every record read and every delivery planned is accounted for (I12, A6)."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

import msgspec


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader of its own found in a range of offsets."""

    records: int
    first: int
    """Counted from here: higher than asked for where the log had lost records."""


Count = Callable[[str, Mapping[int, tuple[int, int]]], Awaitable[Mapping[int, Counted]]]
"""Counts the committed records of a topic per partition in [first, end), by reading them."""


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """Offsets of a partition that were read in one go, and how far they were counted before."""

    id: int
    topic: str
    partition: int
    first: int
    end: int
    counted_to: int
    counted: int


class Ledgered(msgspec.Struct, frozen=True, kw_only=True):
    """What our own books say of one partition: records by first fate."""

    topic: str
    partition: int
    first: int
    position: int
    records: int
    opened: int
    marks: int
    duplicates: int
    dead_letters: int


class Books(msgspec.Struct, frozen=True, kw_only=True):
    """Our books at one moment; deliveries by day and state, from rows or, for days dropped, from their totals."""

    partitions: Sequence[Ledgered]
    stretches: Sequence[Stretch]
    planned: Mapping[date, int]
    deliveries: Mapping[date, Mapping[str, int]]
    replays: Mapping[str, int]
    """Dead letters that were replayed, by what became of them."""


class Bookkeeper(Protocol):
    """Where the books are kept."""

    async def read(self) -> Books:
        """Give the books of one moment."""

    async def carry(self, stretch: Stretch, records: int) -> None:
        """Remember that a stretch was counted to its end, so that the count outlives the records."""


class PartitionAccount(msgspec.Struct, frozen=True, kw_only=True):
    """One partition, ours against the independent count."""

    ours: Ledgered
    counted: int


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The account; exact where nothing differs."""

    partitions: Sequence[PartitionAccount]
    planned: int
    deliveries: Mapping[str, int]
    replayed: int
    replays: Mapping[str, int]
    differences: Sequence[str]
    exact: bool


async def draw_account(bookkeeper: Bookkeeper, count: Count) -> Account:
    """Count what was read since the last account and compare everything; raises Unavailable."""
    books = await bookkeeper.read()
    counts: dict[tuple[str, int], int] = {}
    differences: list[str] = []
    for stretch in books.stretches:
        records, lost = await _count(stretch, bookkeeper, count)
        key = stretch.topic, stretch.partition
        counts[key] = counts.get(key, 0) + records
        differences += lost
    partitions = [
        PartitionAccount(ours=ours, counted=counts.get((ours.topic, ours.partition), 0)) for ours in books.partitions
    ]
    for one in partitions:
        differences += _compare_records(one)
    differences += _compare_deliveries(books)
    return _sum_up(books, partitions, differences)


async def _count(stretch: Stretch, bookkeeper: Bookkeeper, count: Count) -> tuple[int, list[str]]:
    if stretch.counted_to >= stretch.end:
        return stretch.counted, []
    counted = (await count(stretch.topic, {stretch.partition: (stretch.counted_to, stretch.end)}))[stretch.partition]
    await bookkeeper.carry(stretch, counted.records)
    lost = []
    if counted.first > stretch.counted_to:
        lost.append(
            f"{stretch.topic}[{stretch.partition}]: offsets {stretch.counted_to} to {counted.first - 1} left the topic "
            "before they were counted"
        )
    return stretch.counted + counted.records, lost


def _compare_records(one: PartitionAccount) -> Iterator[str]:
    ours, name = one.ours, f"{one.ours.topic}[{one.ours.partition}]"
    fates = ours.opened + ours.marks + ours.duplicates + ours.dead_letters
    if ours.records != fates:
        yield f"{name}: {ours.records} records were read, {fates} have a fate"
    if ours.records != one.counted:
        yield f"{name}: {ours.records} records were read, the topic held {one.counted}"


def _compare_deliveries(books: Books) -> Iterator[str]:
    for day in sorted(books.planned.keys() | books.deliveries.keys()):
        planned, found = books.planned.get(day, 0), sum(books.deliveries.get(day, {}).values())
        if planned != found:
            yield f"{day}: {planned} deliveries were planned, {found} have a state"


def _sum_up(books: Books, partitions: Sequence[PartitionAccount], differences: Sequence[str]) -> Account:
    states: dict[str, int] = {}
    for by_state in books.deliveries.values():
        for state, deliveries in by_state.items():
            states[state] = states.get(state, 0) + deliveries
    return Account(
        partitions=partitions,
        planned=sum(books.planned.values()),
        deliveries=states,
        replayed=sum(books.replays.values()),
        replays=books.replays,
        differences=differences,
        exact=not differences,
    )
