"""The proxies: newest versions and tombstones of a stretch, in one transaction (A14, B22)."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from notifier.dispatch.brakes import Brake, Kind
from notifier.dispatch.stretches import Applied, ProxyRows, Span
from notifier.domain.ages import local_day
from notifier.postgres.acquaintance import meet
from notifier.postgres.brakes import work_under_brakes
from notifier.postgres.pool import Connection, Pool, transaction
from notifier.postgres.positions import Claim, Seal, Tally, advance, claim, is_rebuilt
from notifier.postgres.queries import query
from notifier.postgres.tightening import Link, find_ended_shares, tighten
from notifier.wire.proxies import ProxyChange

Row = tuple[int, int, ProxyChange]
"""The ids of child and guardian, and what is said of them."""


class Changes(msgspec.Struct, kw_only=True):
    """What waves of proxies changed so far."""

    tally: Tally = msgspec.field(default_factory=Tally)
    kinds: dict[Kind, int] = msgspec.field(default_factory=dict)
    closed: list[Link] = msgspec.field(default_factory=list)
    """Links that give nothing now, whatever they gave before."""

    def count(self, kind: Kind, changes: int) -> None:
        """Add to a kind."""
        self.kinds[kind] = self.kinds.get(kind, 0) + changes


class PostgresProxies:
    """The projection of `1177.proxies`; people nobody has heard of are named under the person key `key_id`."""

    def __init__(self, pool: Pool, key_id: int, seal: Seal) -> None:
        self._pool = pool
        self._key_id = key_id
        self._seal = seal

    async def apply(self, span: Span, waves: Sequence[ProxyRows], brake: Brake, now: datetime) -> Applied | None:
        """Apply waves and move the position in one transaction; None where the position has moved already."""
        async with transaction(self._pool) as held:
            place = await claim(held, span)
            if place is None:
                return None
            done, tripped = await work_under_brakes(
                held, span.topic, brake, now, lambda on: self._apply_waves(held, waves, place, on, now)
            )
            shares = await find_ended_shares(held, (), done.closed) if done.closed else []
            await tighten(held, shares, now)
            await advance(held, span, done.tally, self._seal, now)
            rebuilt = place.rebuild_to is not None and await is_rebuilt(held, span.topic)
        return Applied(applied=done.tally.applied, shares_ended=len(shares), tripped=tripped, rebuilt=rebuilt)

    async def _apply_waves(
        self, held: Connection, waves: Sequence[ProxyRows], place: Claim, on: frozenset[Kind], now: datetime
    ) -> Changes:
        changes = Changes()
        ids = await meet(
            held, list({one.pseudonym: one for wave in waves for one in wave.references}.values()), self._key_id
        )
        named = [[(ids[one.child], ids[one.guardian], one) for one in wave.rows] for wave in waves]
        buried = [sorted((ids[child], ids[guardian]) for child, guardian in wave.gone) for wave in waves]
        if len(waves) > 1 or any(buried):
            await lock(held, named, buried)
        for unsorted, gone in zip(named, buried, strict=True):
            rows = sorted(unsorted, key=lambda row: row[:2])
            if rows:
                await _upsert(held, changes, rows, place, Kind.BLOCK_LIFTED in on, now)
            await bury(held, changes, gone, now)
            if place.rebuild_to is not None:
                children, guardians = [child for child, _, _ in rows], [guardian for _, guardian, _ in rows]
                await held.execute(query("mark_proxies"), children, guardians, place.generation)
        return changes


async def _upsert(
    held: Connection,
    changes: Changes,
    rows: Sequence[Row],
    place: Claim,
    hold_blocks: bool,
    now: datetime,
) -> None:
    links: list[ProxyChange] = [link for _, _, link in rows]
    row = await held.fetchrow(
        query("apply_proxies"),
        place.generation,
        local_day(now),
        now,
        hold_blocks,
        [child for child, _, _ in rows],
        [guardian for _, guardian, _ in rows],
        [link.guardian_relation for link in links],
        [link.valid_from for link in links],
        [link.valid_to for link in links],
        [link.blocked for link in links],
        [link.version for link in links],
    )
    assert row is not None
    changes.tally.applied += row["applied"]
    changes.tally.arrived += row["arrived"]
    changes.closed += zip(row["children"] or (), row["guardians"] or (), strict=True)
    changes.count(Kind.BLOCK_LIFTED, row["block_lifted"])


async def lock(held: Connection, named: Sequence[Sequence[Row]], buried: Sequence[Sequence[Link]]) -> None:
    """Lock all links of a stretch in key order, before several statements touch them."""
    links = sorted({row[:2] for rows in named for row in rows} | {link for gone in buried for link in gone})
    await held.execute(query("lock_proxies"), [child for child, _ in links], [guardian for _, guardian in links])


async def bury(held: Connection, changes: Changes, gone: Sequence[Link], now: datetime) -> None:
    """Apply tombstones to links that this transaction has locked."""
    if not gone:
        return
    children, guardians = [child for child, _ in gone], [guardian for _, guardian in gone]
    buried = await held.fetch(query("bury_proxies"), children, guardians, now)
    changes.tally.applied += len(buried)
    changes.tally.gone += len(buried)
    changes.closed += [(row["child"], row["guardian"]) for row in buried]
    changes.count(Kind.TOMBSTONE, len(buried))
