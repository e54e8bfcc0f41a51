"""The residents: newest versions, tombstones and identity links of a stretch, in one transaction (B7, B22, B25, A9)."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec

from notifier.dispatch.brakes import Brake, Kind
from notifier.dispatch.identities import Reference
from notifier.dispatch.stretches import Applied, ResidentRow, ResidentRows, Span
from notifier.postgres.brakes import work_under_brakes
from notifier.postgres.identity_links import store_links
from notifier.postgres.pool import Connection, Pool, transaction
from notifier.postgres.positions import Claim, Seal, Tally, advance, claim, is_rebuilt
from notifier.postgres.queries import query
from notifier.postgres.tightening import find_ended_shares, tighten


class Changes(msgspec.Struct, kw_only=True):
    """What waves of residents changed so far."""

    tally: Tally = msgspec.field(default_factory=Tally)
    kinds: dict[Kind, int] = msgspec.field(default_factory=dict)
    worse: list[int] = msgspec.field(default_factory=list)
    """People who may be told less than before, or of whom others may be."""

    def count(self, kind: Kind, changes: int) -> None:
        """Add to a kind."""
        self.kinds[kind] = self.kinds.get(kind, 0) + changes


class PostgresResidents:
    """The projection of `1177.residents`; new rows are named under the person key `key_id`."""

    def __init__(self, pool: Pool, key_id: int, seal: Seal) -> None:
        self._pool = pool
        self._key_id = key_id
        self._seal = seal

    async def apply(self, span: Span, waves: Sequence[ResidentRows], brake: Brake, now: datetime) -> Applied | None:
        """Apply waves and move the position in one transaction; None where the position has moved already."""
        async with transaction(self._pool) as held:
            place = await claim(held, span)
            if place is None:
                return None
            done, tripped = await work_under_brakes(
                held, span.topic, brake, now, lambda on: self._apply_waves(held, waves, place, on, now)
            )
            shares = await find_ended_shares(held, done.worse, ()) if done.worse else []
            await tighten(held, shares, now)
            await advance(held, span, done.tally, self._seal, now)
            rebuilt = place.rebuild_to is not None and await is_rebuilt(held, span.topic)
        return Applied(applied=done.tally.applied, shares_ended=len(shares), tripped=tripped, rebuilt=rebuilt)

    async def _apply_waves(
        self, held: Connection, waves: Sequence[ResidentRows], place: Claim, on: frozenset[Kind], now: datetime
    ) -> Changes:
        changes = Changes()
        if len(waves) > 1:
            await self._upsert(held, lock_only(waves), place, on, now)
        for wave in waves:
            if wave.rows or wave.gone:
                row = await self._upsert(held, wave, place, on, now)
                _take_in(changes, row)
                changes.worse += await store_links(held, wave.rows, row["known"] or ())
                await bury(held, changes, wave.gone, now)
                if place.rebuild_to is not None:
                    await held.execute(
                        query("mark_residents"), [row.change.pseudonym for row in wave.rows], place.generation
                    )
        return changes

    async def _upsert(
        self, held: Connection, wave: ResidentRows, place: Claim, on: frozenset[Kind], now: datetime
    ) -> asyncpg.Record:
        row = await held.fetchrow(
            query("apply_residents"),
            self._key_id,
            place.generation,
            Kind.PROTECTION in on,
            Kind.PROTECTION_LIFTED in on,
            now,
            *_columns(wave.rows, wave.references),
        )
        assert row is not None
        return row


def lock_only(waves: Sequence[ResidentRows]) -> ResidentRows:
    """Give all keys of several waves as references: a second sorted pass must find its rows locked, or it deadlocks."""
    people = {one.pseudonym: one for wave in waves for one in wave.references}
    people |= {
        row.change.pseudonym: Reference(pseudonym=row.change.pseudonym, id=row.id)
        for wave in waves
        for row in wave.rows
    }
    return ResidentRows(rows=(), references=tuple(people.values()), gone=())


def _take_in(changes: Changes, row: asyncpg.Record) -> None:
    changes.tally.applied += row["applied"]
    changes.tally.arrived += row["arrived"]
    changes.worse += row["worse"] or ()
    for kind in (Kind.PROTECTION, Kind.DEATH, Kind.PROTECTION_LIFTED):
        changes.count(kind, row[kind])


async def bury(held: Connection, changes: Changes, gone: Sequence[bytes], now: datetime) -> None:
    """Apply tombstones to rows that this transaction has locked."""
    if not gone:
        return
    buried = await held.fetch(query("bury_residents"), gone, now)
    known = [row["id"] for row in buried if row["known"]]
    changes.tally.applied += len(buried)
    changes.tally.gone += len(known)
    changes.worse += known
    changes.count(Kind.TOMBSTONE, len(known))


def _columns(rows: Sequence[ResidentRow], references: Sequence[Reference]) -> list[list[object]]:
    """Lay rows out by column; references are rows with nothing but a name, and protected until somebody says more."""
    named: list[object] = [None] * len(references)
    false: list[object] = [False] * len(references)
    true: list[object] = [True] * len(references)
    said = [row.change for row in rows]
    return [
        [*(row.id for row in rows), *(one.id for one in references)],
        [*(one.pseudonym for one in said), *(one.pseudonym for one in references)],
        [one.version for one in said] + named,
        [*(one.region for one in said), *("00" for _ in references)],
        [one.born_younger for one in said] + named,
        [one.born_older for one in said] + named,
        [one.protected for one in said] + true,
        [row.protected_at for row in rows] + named,
        [one.deceased for one in said] + named,
        [one.active for one in said] + false,
        [one.paper_opt_out for one in said] + false,
        [one.language for one in said] + named,
        [row.phone and row.phone.sealed for row in rows] + named,
        [row.phone and row.phone.index for row in rows] + named,
        [row.email and row.email.sealed for row in rows] + named,
        [row.email and row.email.index for row in rows] + named,
        [one.contact_set_by for one in said] + named,
        [one.contact_verified_at for one in said] + named,
        [one.sms for one in said] + true,
        [one.email_on for one in said] + true,
        [one.changed_at for one in said] + named,
    ]
