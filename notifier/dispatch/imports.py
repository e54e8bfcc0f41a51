"""Filling the house from files: in batches, idempotent, refusing by line number (DESIGN 8)."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import islice
from typing import TypeVar

import msgspec

from notifier.wire.imports import Unreadable

BATCH_LINES = 1000
Entry = TypeVar("Entry")


class LineFault(msgspec.Struct, frozen=True, kw_only=True):
    """Why one line cannot be imported."""

    line: int
    """Counted from 1."""
    sentence: str


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """All lines are in."""

    lines: int
    changed: int
    """How many rows are other than before."""


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A batch has faults: nothing of it was stored, everything before it was."""

    stored_lines: int
    faults: tuple[LineFault, ...]


async def import_lines(
    lines: Iterable[bytes],
    read: Callable[[bytes], Entry],
    store: Callable[[Sequence[Entry]], Awaitable[int]],
    progress: Callable[[int], None],
    batch_lines: int = BATCH_LINES,
) -> Imported | Refused:
    """Read and store lines batch by batch: `store` gives how many rows changed, `progress` hears how many are in."""
    numbered, stored, changed = enumerate(lines, 1), 0, 0
    while batch := list(islice(numbered, batch_lines)):
        entries, faults = _read_batch(batch, read)
        if faults:
            return Refused(stored_lines=stored, faults=tuple(faults))
        changed += await store(entries)
        stored = batch[-1][0]
        progress(stored)
    return Imported(lines=stored, changed=changed)


def _read_batch(
    batch: Iterable[tuple[int, bytes]], read: Callable[[bytes], Entry]
) -> tuple[list[Entry], list[LineFault]]:
    """Read every line of a batch, also after a fault; empty lines say nothing."""
    entries, faults = [], []
    for number, line in batch:
        if not line.strip():
            continue
        try:
            entries.append(read(line))
        except Unreadable as fault:
            faults.append(LineFault(line=number, sentence=str(fault)))
    return entries, faults
