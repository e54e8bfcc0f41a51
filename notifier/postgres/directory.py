"""Step 2 of the path: everybody who might learn of these events, in one query."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import asyncpg

from notifier.domain.ages import local_day
from notifier.domain.identifiers import DeviceId, PersonId, Pseudonym
from notifier.domain.people import Audience, Device, Link, Ombud, Person, Platform
from notifier.postgres.pool import Connection, Pool, connection
from notifier.postgres.queries import query


class Directory:
    """Reads audiences; `entropy` makes the ids of people whom only an event names so far."""

    def __init__(self, pool: Pool, lookup_key: int, entropy: Callable[[int], bytes]) -> None:
        self._pool = pool
        self._lookup_key = lookup_key
        self._entropy = entropy

    async def audience_of(self, subjects: Sequence[Pseudonym], now: datetime) -> dict[Pseudonym, Audience]:
        """Give each subject's audience; a subject nobody knows gets a person without a record (A7)."""
        if not subjects:
            return {}
        async with connection(self._pool) as held:
            audiences = await read_audiences(held, subjects, now)
            unknown = [subject for subject in subjects if subject not in audiences]
            if unknown:
                await self._introduce(held, unknown)
                audiences |= await read_audiences(held, unknown, now)
        return audiences

    async def find(self, people: Sequence[Pseudonym]) -> dict[Pseudonym, PersonId]:
        """Give the ids of those who are known by reference or record."""
        if not people:
            return {}
        async with connection(self._pool) as held:
            rows = await held.fetch(query("find_people"), people)
        return {row["lookup"]: row["id"] for row in rows}

    async def _introduce(self, held: Connection, unknown: Sequence[Pseudonym]) -> None:
        ids = [int.from_bytes(self._entropy(8)) >> 1 for _ in unknown]
        await held.execute(query("ensure_people"), ids, unknown, self._lookup_key)


async def read_audiences(held: Connection, subjects: Sequence[Pseudonym], now: datetime) -> dict[Pseudonym, Audience]:
    """Read the audiences of those who are in the table, under the transaction of the connection."""
    rows = await held.fetch(query("read_audience"), subjects, local_day(now))
    by_subject: dict[Pseudonym, list[asyncpg.Record]] = {}
    for row in rows:
        by_subject.setdefault(row["lookup"], []).append(row)
    return {lookup: _read_audience(members) for lookup, members in by_subject.items()}


def _read_audience(rows: Iterable[asyncpg.Record]) -> Audience:
    subject, ombud = None, []
    for row in rows:
        if row["valid_from"] is None:
            subject = _read_person(row)
        else:
            ombud.append(Ombud(person=_read_person(row), link=_read_link(row)))
    if subject is None:
        raise LookupError("an audience without its subject")
    return Audience(subject=subject, ombud=tuple(ombud))


def _read_person(row: asyncpg.Record) -> Person:
    return Person(
        id=row["recipient"],
        known=row["known"],
        region=row["region"],
        joined=row["joined"],
        born_younger=row["born_younger"],
        born_older=row["born_older"],
        protected=row["protected"],
        protected_at=row["protected_at"],
        deceased=row["deceased"],
        active=row["active"],
        loop=row["loop"],
        quiet_from=row["quiet_from"],
        quiet_to=row["quiet_to"],
        devices=_read_devices(row["devices"]),
        parked_trusted_at=row["parked_trusted_at"],
        muted=frozenset(row["muted"] or ()),
    )


def _read_devices(rows: Sequence[asyncpg.Record] | None) -> tuple[Device, ...]:
    return tuple(
        Device(
            id=DeviceId(device),
            platform=Platform(platform),
            lane=lane,
            kind=kind,
            token=token,
            content_key=key,
            language=language or "sv",
            trusted_at=trusted_at,
            app_version=version,
            told_to_update_at=told_at,
            doubtful=doubtful,
        )
        for device, platform, lane, kind, token, key, language, trusted_at, version, told_at, doubtful in rows or ()
    )


def _read_link(row: asyncpg.Record) -> Link:
    return Link(
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        blocked=row["blocked"],
        guardian=row["is_guardian"],
        ended=row["ended"],
        about_id=row["about_id"].bytes,
    )
