"""Intake put together, and what judging again shares with it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import msgspec

from notifier.app.house import House
from notifier.dispatch.batches import Batch, OpenResult
from notifier.dispatch.bounds import Rooms
from notifier.dispatch.circumstances import Outlooks
from notifier.dispatch.fleet import Fleet
from notifier.dispatch.intake import Intake
from notifier.dispatch.planning import Planner
from notifier.domain.identifiers import EventKey
from notifier.postgres.directory import Directory
from notifier.postgres.letters import Letters
from notifier.postgres.offsets import Offsets
from notifier.postgres.opening import Openings
from notifier.wire.events import decode_all
from notifier.wire.records import Decoded, RawRecord


class IntakeLedger(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger as intake sees it."""

    openings: Openings
    offsets: Offsets

    async def open(self, batch: Batch) -> OpenResult:
        """Make a batch ours."""
        return await self.openings.open(batch)

    async def position(self, topic: str, partition: int) -> int | None:
        """Give where a partition stands."""
        return await self.offsets.position(topic, partition)

    async def release_events(self, batch: Batch, keys: Sequence[EventKey]) -> None:
        """Make a committed batch's deliveries claimable."""
        await self.offsets.release_events(batch, keys)


class Tools(msgspec.Struct, frozen=True, kw_only=True):
    """What several parts of the path share."""

    house: House
    reach: Callable[[str], None]
    outlooks: Outlooks
    fleet: Fleet
    directory: Directory
    planner: Planner


def build_intake(tools: Tools) -> Intake:
    """Put together what takes records through the path."""
    house = tools.house
    letters = Letters(house.topic("dead-letters"), house.keyring.letters.seal)
    openings = Openings(house.pool, letters, house.topic("status"), tools.reach)
    return Intake(
        decode=partial(_decode, house),
        directory=tools.directory,
        circumstances=tools.outlooks.at,
        planner=tools.planner,
        ledger=IntakeLedger(openings=openings, offsets=Offsets(house.pool)),
        fleet=tools.fleet,
        clocks=house.clocks,
        observe=house.observe,
    )


def build_planner(house: House, rooms: Rooms) -> Planner:
    """Put together what turns events into notices and deliveries."""
    return Planner(
        entropy=house.entropy,
        sealing=house.keyring.sealing,
        rooms=rooms,
        lease=house.settings.sender.lease,
        rejudge_every=house.settings.sender.rejudge_every,
        catalogue=house.contract.catalogue.version,
    )


def _decode(house: House, records: Sequence[RawRecord], now: datetime) -> Decoded:
    contract = house.contract
    return decode_all(records, contract.catalogue, contract.register, house.keyring.pseudonymiser, now)
