"""`notifier devices`: how deletions stand in each lane, and how people end a deletion brake (R13, A37)."""

from notifier.app.house import utc_now
from notifier.app.reach import reach_postgres
from notifier.app.schemas import read_files
from notifier.app.terminal import say
from notifier.app.texts import require_texts
from notifier.dispatch.deletions import Ending, LaneStanding, ParkingLane, settle_lane
from notifier.domain.policy import DeviceBrake
from notifier.postgres.deletions import PostgresParked, end_brake, read_last_brake, read_standing
from notifier.postgres.pool import Pool, open_pool
from notifier.settings import Settings
from notifier.wire.policy import load_policy

_HEAD = ("lane", "answers", "gone", "share", "mean", "brake", "parked")
_DONE = {Ending.RELEASED: "used again", Ending.FORGOTTEN: "forgotten"}


async def run(settings: Settings) -> int:
    """Show each lane: its answers in the window, how many say gone, the usual share, and what a brake parks."""
    async with open_pool(reach_postgres(settings), "notifier devices") as pool:
        lanes = await read_standing(pool, _read_brake(settings), utc_now())
    rows = [_HEAD, *map(_row, lanes)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


async def run_release(settings: Settings, *, lane: str, operator: str, reason: str | None) -> int:
    """End a brake: the tokens were good, its devices are used again; 1 where none is on."""
    return await _end(settings, lane, Ending.RELEASED, operator, reason)


async def run_forget(settings: Settings, *, lane: str, operator: str, reason: str | None) -> int:
    """End a brake: the tokens are gone, its devices are forgotten; 1 where none is on."""
    return await _end(settings, lane, Ending.FORGOTTEN, operator, reason)


async def _end(settings: Settings, lane: str, ending: Ending, operator: str, reason: str | None) -> int:
    """End a lane's brake and do what follows, page by page; broken off, the same call or the upkeep goes on."""
    require_texts(operator=operator, reason=reason)
    brake, now = _read_brake(settings), utc_now()
    async with open_pool(reach_postgres(settings), "notifier devices") as pool:
        parked, last = PostgresParked(pool), await read_last_brake(pool, lane)
        if last is not None and last.braked:
            await settle_lane(parked, last, brake, now)
            if await end_brake(pool, lane, ending, operator.strip(), reason, now):
                say(f"{lane}: {ending}. The brake is off, and its devices follow.")
        elif last is None or last.ended_as is not ending or not await _keeps(pool, lane, brake):
            return await _say_what_is_braked(pool, lane, brake)
        done = await _follow(parked, await read_last_brake(pool, lane), brake)
    say(f"{lane}: {done} devices are {_DONE[ending]}.")
    return 0


async def _follow(parked: PostgresParked, last: ParkingLane | None, brake: DeviceBrake) -> int:
    return 0 if last is None else await settle_lane(parked, last, brake, utc_now())


async def _keeps(pool: Pool, lane: str, brake: DeviceBrake) -> bool:
    """Say whether a brake that is off still parks something: what followed from its end was broken off."""
    return any(one.name == lane and one.parked for one in await read_standing(pool, brake, utc_now()))


async def _say_what_is_braked(pool: Pool, lane: str, brake: DeviceBrake) -> int:
    lanes = [one.name for one in await read_standing(pool, brake, utc_now()) if one.braked_at is not None]
    say(f"Not braked: {lane}. Braked: {'; '.join(lanes) or 'nothing'}.")
    return 1


def _row(lane: LaneStanding) -> tuple[str, ...]:
    since = "off" if lane.braked_at is None else f"since {lane.braked_at:%Y-%m-%d %H:%M} UTC"
    share, mean = f"{lane.window.share:.2%}", f"{lane.mean.share:.2%}"
    return (lane.name, str(lane.window.count), str(lane.window.gone), share, mean, since, str(lane.parked))


def _read_brake(settings: Settings) -> DeviceBrake:
    return load_policy(read_files(settings)).device_brake
