"""Matters and their readers: locked first, played by the domain, stored as it left them (A21)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import asyncpg

from notifier.dispatch.admission import resolve
from notifier.dispatch.batches import Item
from notifier.domain.identifiers import CollapseId, MatterKey
from notifier.domain.matters import Matter, Reader
from notifier.domain.plans import NoticeRef
from notifier.domain.resolution import Resolution
from notifier.postgres.pool import Connection
from notifier.postgres.queries import query
from notifier.postgres.reader_rows import insert_readers


async def resolve_matters(
    connection: Connection, admitted: Mapping[MatterKey, Sequence[Item]], day: date
) -> list[Resolution]:
    """Lock and play every matter of the batch.

    Each is played as if nobody knew it, and inserted so; those that were there are locked instead and played anew.
    """
    imagined = {key: resolve(key, items, None) for key, items in admitted.items()}
    known = await _lock(connection, list(imagined.values()), day)
    if known:
        readers = await _lock_readers(connection, list(known))
        for key, matter in known.items():
            imagined[key] = resolve(key, admitted[key], matter, readers.get(key, ()))
        await _store_matters(connection, [imagined[key].matter for key in known])
    await _store_readers(connection, (imagined[key] for key in known), day)
    fresh = (resolution for key, resolution in imagined.items() if key not in known)
    await insert_readers(connection, _touched(fresh), day)
    return list(imagined.values())


async def _lock(connection: Connection, imagined: Sequence[Resolution], day: date) -> dict[MatterKey, Matter]:
    matters = [resolution.matter for resolution in imagined]
    if not matters:
        return {}
    rows = await connection.fetch(
        query("lock_matters"),
        [matter.key for matter in matters],
        [matter.subject for matter in matters],
        [matter.newest_at for matter in matters],
        [matter.acted_at for matter in matters],
        [matter.withdrawn_at for matter in matters],
        day,
    )
    return {row["key"]: _read_matter(row) for row in rows if not row["fresh"]}


def _read_matter(row: asyncpg.Record) -> Matter:
    return Matter(
        key=row["key"],
        subject=row["subject"],
        newest_at=row["newest_at"],
        acted_at=row["acted_at"],
        withdrawn_at=row["withdrawn_at"],
    )


async def _lock_readers(connection: Connection, keys: Sequence[MatterKey]) -> dict[MatterKey, list[Reader]]:
    readers: dict[MatterKey, list[Reader]] = {}
    for row in await connection.fetch(query("lock_readers"), keys):
        readers.setdefault(row["matter"], []).append(_read_reader(row))
    return readers


def _read_reader(row: asyncpg.Record) -> Reader:
    shown = None
    if row["notice"] is not None:
        shown = NoticeRef(day=row["notice_day"], event=row["notice_event"], notice=row["notice"])
    collapse_id = row["collapse_id"]
    return Reader(
        recipient=row["recipient"],
        about=row["about"],
        read_at=row["read_at"],
        counted=row["counted"],
        newest_at=row["newest_at"],
        shown=shown,
        collapse_id=None if collapse_id is None else CollapseId(collapse_id),
    )


async def _store_matters(connection: Connection, matters: Sequence[Matter]) -> None:
    await connection.execute(
        query("store_matters"),
        [matter.key for matter in matters],
        [matter.newest_at for matter in matters],
        [matter.acted_at for matter in matters],
        [matter.withdrawn_at for matter in matters],
    )


async def _store_readers(connection: Connection, resolutions: Iterable[Resolution], day: date) -> None:
    """Store readers of matters that were there before: theirs may be, too."""
    rows = list(_touched(resolutions))
    if not rows:
        return
    await connection.execute(
        query("store_readers"),
        [key for key, _ in rows],
        [reader.recipient for _, reader in rows],
        [reader.about for _, reader in rows],
        [reader.read_at for _, reader in rows],
        [reader.counted for _, reader in rows],
        [reader.newest_at for _, reader in rows],
        [reader.shown and reader.shown.day for _, reader in rows],
        [reader.shown and reader.shown.event for _, reader in rows],
        [reader.shown and reader.shown.notice for _, reader in rows],
        [reader.collapse_id for _, reader in rows],
        day,
    )


def _touched(resolutions: Iterable[Resolution]) -> Iterator[tuple[MatterKey, Reader]]:
    for resolution in resolutions:
        for recipient in resolution.touched:
            yield resolution.matter.key, resolution.readers[recipient]
