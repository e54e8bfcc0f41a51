"""Devices whose token is gone, parked in the transaction of the answer; and the brake that keeps them (R13, A10)."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec

from notifier.dispatch.deletions import DeletionsBraked
from notifier.dispatch.recorder import Record
from notifier.domain.deletions import LOOK_AGAIN, Answers, begin_window, is_beyond_usual, to_minute
from notifier.domain.policy import DeviceBrake
from notifier.domain.settlements import Failed, Later
from notifier.postgres.pool import Connection
from notifier.postgres.queries import query

_LATER = Later(wait=LOOK_AGAIN, unsure=False)


class Parking(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the failures of a batch."""

    final: Sequence[Record]
    waiting: Sequence[Record] = ()
    """Their recipients have nothing left but what a brake parks: they wait until people end it (A20)."""
    braked: tuple[DeletionsBraked, ...] = ()


class Parker:
    """Parks what is gone, and closes a lane's brake where more of it is than usual."""

    def __init__(self, brake: DeviceBrake) -> None:
        self._brake = brake
        self._means: dict[str, tuple[datetime, Answers]] = {}

    async def park_gone(
        self, held: Connection, accepted: Sequence[Record], failed: Sequence[Record], now: datetime
    ) -> Parking:
        """Count a batch's answers, close the brakes that they trip, and park what is gone; `failed` is Failed only."""
        gone = [one for one in failed if isinstance(one.settlement, Failed) and one.settlement.gone is not None]
        standing = await self._count(held, accepted, gone, now)
        if not gone:
            return Parking(final=failed)
        on = {row["lane"] for row in standing if row["braked"]}
        beyond = [row for row in standing if not row["braked"] and await self._is_beyond(held, row, now)]
        closed = [fact for row in beyond for fact in await self._close(held, row, now)]
        on |= {row["lane"] for row in beyond}
        await _park(held, gone, on, now)
        stranded = await _find_stranded(held, [one for one in gone if one.due.delivery.lane in on])
        return Parking(
            final=[one for one in failed if one.due.id not in stranded],
            waiting=[msgspec.structs.replace(one, settlement=_LATER) for one in gone if one.due.id in stranded],
            braked=tuple(closed),
        )

    async def _count(
        self, held: Connection, accepted: Sequence[Record], gone: Sequence[Record], now: datetime
    ) -> list[asyncpg.Record]:
        """Add to the minute; give the windows of lanes where tokens are gone."""
        lost = Counter(one.due.delivery.lane for one in gone)
        counts = Counter(one.due.delivery.lane for one in accepted) + lost
        lanes = sorted(counts)
        if not lanes:
            return []
        columns = (lanes, [counts[lane] for lane in lanes], [lost[lane] for lane in lanes])
        return await held.fetch(query("count_answers"), *columns, to_minute(now), begin_window(now, self._brake))

    async def _is_beyond(self, held: Connection, row: asyncpg.Record, now: datetime) -> bool:
        """Say whether a lane's window is beyond the usual; the mean is read where it alone decides, once a minute."""
        lane, window = row["lane"], Answers(count=row["answers"], gone=row["gone"])
        if not is_beyond_usual(window, Answers(), self._brake):
            return False
        minute, mean = self._means.get(lane, (None, Answers()))
        if minute != to_minute(now):
            mean = await read_mean(held, lane, self._brake, now)
            self._means[lane] = to_minute(now), mean
        return is_beyond_usual(window, mean, self._brake)

    async def _close(self, held: Connection, row: asyncpg.Record, now: datetime) -> list[DeletionsBraked]:
        """Close a lane's brake; a fact, unless somebody else was first."""
        lane, answers, gone = row["lane"], row["answers"], row["gone"]
        begins = begin_window(now, self._brake)
        closed = await held.fetch(query("close_deletion_brake"), lane, begins, now, answers, gone)
        return [DeletionsBraked(lane=lane, answers=answers, gone=gone)] if closed else []


async def read_mean(held: Connection, lane: str, brake: DeviceBrake, now: datetime) -> Answers:
    """Give what is usual in a lane."""
    begins = begin_window(now, brake)
    row = await held.fetchrow(query("read_mean"), lane, begins - brake.mean_over, begins)
    assert row is not None
    return Answers(count=row["answers"], gone=row["gone"])


async def _park(held: Connection, gone: Sequence[Record], on: set[str], now: datetime) -> None:
    """Park devices, those of braked lanes until people say what they are; what registered since is another's."""
    failures = [one.settlement for one in gone if isinstance(one.settlement, Failed)]
    since = [f.gone.since if f.gone is not None else None for f in failures]
    await held.execute(
        query("park_devices"),
        [one.due.device for one in gone],
        [instant or one.at for one, instant in zip(gone, since, strict=True)],
        ["brake" if one.due.delivery.lane in on else "token_gone" for one in gone],
        now,
    )


async def _find_stranded(held: Connection, braked: Sequence[Record]) -> frozenset[int]:
    """Give the deliveries whose recipients have nothing but what a brake parks."""
    if not braked:
        return frozenset()
    rows = await held.fetch(query("find_stranded"), sorted({one.due.recipient for one in braked}))
    people = {row["id"] for row in rows}
    return frozenset(one.due.id for one in braked if one.due.recipient in people)
