"""The deletion brakes that are on, what they parked, and who ended them (R13, A37)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg

from notifier.dispatch.deletions import Ending, LaneStanding, ParkingLane
from notifier.domain.deletions import Answers, begin_window
from notifier.domain.policy import DeviceBrake
from notifier.postgres.audit import write_audit
from notifier.postgres.parking import read_mean
from notifier.postgres.pool import Pool, connection, transaction
from notifier.postgres.queries import query

_SPARE = timedelta(days=1)
"""Kept beyond the mean, so that a process whose clock is behind still reads a whole one."""


class PostgresParked:
    """Parked devices, in pages of their own transactions."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def lanes(self) -> Sequence[ParkingLane]:
        """Give the lanes that park devices."""
        async with connection(self._pool) as held:
            return [_read_lane(row) for row in await held.fetch(query("list_parking_lanes"))]

    async def keep(self, lane: str, since: datetime, limit: int) -> int:
        """Let the brake have what was parked as gone since then."""
        return await self._change("keep_parked", lane, since, limit)

    async def retire_gone(self, lane: str, before: datetime, now: datetime, limit: int) -> int:
        """Forget what was parked as gone before that instant."""
        return await self._change("retire_parked", lane, "token_gone", before, limit, now)

    async def release(self, lane: str, limit: int) -> int:
        """Use again what the brake parked; the badges of these people are owed."""
        async with transaction(self._pool) as held:
            return int(await held.fetchval(query("release_braked"), lane, limit))

    async def forget(self, lane: str, now: datetime, limit: int) -> int:
        """Forget what the brake parked."""
        return await self._change("retire_parked", lane, "brake", None, limit, now)

    async def _change(self, name: str, *values: object) -> int:
        async with transaction(self._pool) as held:
            status: str = await held.execute(query(name), *values)
        return int(status.rsplit(maxsplit=1)[-1])


async def end_brake(pool: Pool, lane: str, ending: Ending, operator: str, reason: str | None, now: datetime) -> bool:
    """End a lane's brake, from the commit on; False if it is not on."""
    async with transaction(pool) as held:
        ended = await held.fetch(query("end_deletion_brake"), lane, now, ending, operator)
        if ended:
            action = "release devices" if ending is Ending.RELEASED else "forget devices"
            await write_audit(held, operator, action, reason, lane)
    return bool(ended)


async def read_last_brake(pool: Pool, lane: str) -> ParkingLane | None:
    """Give a lane's last brake; None where it never had one."""
    async with connection(pool) as held:
        row = await held.fetchrow(query("read_last_brake"), lane)
    return None if row is None else _read_lane(row)


async def read_standing(pool: Pool, brake: DeviceBrake, now: datetime) -> list[LaneStanding]:
    """Give how every lane stands that answered within the time of the mean, or was ever braked."""
    async with connection(pool) as held:
        rows = await held.fetch(query("read_deletion_lanes"), begin_window(now, brake))
        return [
            LaneStanding(
                name=row["lane"],
                window=Answers(count=row["answers"], gone=row["gone"]),
                mean=await read_mean(held, row["lane"], brake, now),
                braked_at=row["braked_at"],
                parked=row["parked"],
            )
            for row in rows
        ]


async def forget_answers(pool: Pool, brake: DeviceBrake, now: datetime) -> None:
    """Let go of minutes that no mean looks at any more."""
    async with connection(pool) as held:
        await held.execute(query("forget_answers"), begin_window(now, brake) - brake.mean_over - _SPARE)


def _read_lane(row: asyncpg.Record) -> ParkingLane:
    said, began = row["ended_as"], row["window_from"]
    return ParkingLane(
        name=row["lane"],
        window_from=began,
        braked=began is not None and row["ended_at"] is None,
        ended_as=None if said is None else Ending(said),
    )
