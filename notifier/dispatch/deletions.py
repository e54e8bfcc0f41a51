"""The deletion brake from outside the path: what is parked, forgotten, and how people end a brake (R13, A10)."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from notifier.domain.deletions import Answers, begin_window
from notifier.domain.policy import DeviceBrake

PAGE = 1000
"""Devices in one transaction: a brake may park millions, and nobody is to wait for their locks."""


class DeletionsBraked(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The deletion brake of a lane closed: devices are parked, nothing is forgotten, somebody is paged (R13)."""

    lane: str
    answers: int
    gone: int


class Ending(StrEnum):
    """What people say about the tokens that a brake parked."""

    RELEASED = "released"
    """They are good: the fault was ours."""
    FORGOTTEN = "forgotten"
    """They are gone."""


class ParkingLane(msgspec.Struct, frozen=True, kw_only=True):
    """A lane that parks devices, and its last brake if there was one."""

    name: str
    window_from: datetime | None
    """What was parked as gone before it does not belong to the brake."""
    braked: bool
    ended_as: Ending | None


class LaneStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How a lane stands, for people."""

    name: str
    window: Answers
    mean: Answers
    braked_at: datetime | None
    parked: int


class Parked(Protocol):
    """The devices that are parked; pages change at most `limit`, and give how many they did."""

    async def lanes(self) -> Sequence[ParkingLane]:
        """Give the lanes that park devices."""

    async def keep(self, lane: str, since: datetime, limit: int) -> int:
        """Let the brake have what was parked as gone since then."""

    async def retire_gone(self, lane: str, before: datetime, now: datetime, limit: int) -> int:
        """Forget what was parked as gone before that instant."""

    async def release(self, lane: str, limit: int) -> int:
        """Use again what the brake parked; the badges of these people are owed."""

    async def forget(self, lane: str, now: datetime, limit: int) -> int:
        """Forget what the brake parked."""


async def settle_parked(parked: Parked, brake: DeviceBrake, now: datetime) -> None:
    """Forget what is gone for longer than the window, and go on with what people said of brakes that they ended."""
    for lane in await parked.lanes():
        await settle_lane(parked, lane, brake, now)


async def settle_lane(parked: Parked, lane: ParkingLane, brake: DeviceBrake, now: datetime) -> int:
    """Do all that may be done with a lane's parked devices; give how many left the brake."""
    before = begin_window(now, brake)
    if lane.braked and lane.window_from is not None:
        before = min(before, lane.window_from)
        while await parked.keep(lane.name, lane.window_from, PAGE):
            pass
    while await parked.retire_gone(lane.name, before, now, PAGE):
        pass
    return await follow(parked, lane, now)


async def follow(parked: Parked, lane: ParkingLane, now: datetime) -> int:
    """Do with what a brake parked as people said; nothing while it is on. Gives how many devices that were."""
    total = 0
    while done := await _follow_page(parked, lane, now):
        total += done
    return total


async def _follow_page(parked: Parked, lane: ParkingLane, now: datetime) -> int:
    if lane.braked:
        return 0
    if lane.ended_as is Ending.RELEASED:
        return await parked.release(lane.name, PAGE)
    return await parked.forget(lane.name, now, PAGE) if lane.ended_as is Ending.FORGOTTEN else 0
