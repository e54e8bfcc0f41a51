"""The path of one process, put together: intake, lanes, recorder, feeder, what is held, silent work, relay."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

import msgspec

from notifier.app.fleet import build_fleet, build_quiet
from notifier.app.house import House
from notifier.app.marked import MarkedHoldings, MarkedWaiting
from notifier.dispatch.badges import Badges
from notifier.dispatch.batches import Batch, OpenResult
from notifier.dispatch.circumstances import Outlooks
from notifier.dispatch.feeder import Feeder
from notifier.dispatch.fleet import Fleet
from notifier.dispatch.intake import Intake
from notifier.dispatch.planning import Planner, Rooms
from notifier.dispatch.quiet import Quiet
from notifier.dispatch.recorder import Recorder
from notifier.dispatch.rejudging import Rejudger
from notifier.dispatch.sender import Transport
from notifier.domain.identifiers import EventKey
from notifier.postgres.claiming import Waiting
from notifier.postgres.directory import Directory
from notifier.postgres.holding import Holdings
from notifier.postgres.letters import Letters
from notifier.postgres.offsets import Offsets
from notifier.postgres.opening import Openings
from notifier.postgres.recording import Recordings
from notifier.postgres.surveying import Surveyor
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


class Path(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that moves events and deliveries in this process."""

    intake: Intake
    fleet: Fleet
    recorder: Recorder
    feeder: Feeder
    rejudger: Rejudger
    quiet: Sequence[Quiet]
    outlooks: Outlooks
    waiting: Waiting
    holdings: Holdings


def build_path(house: House, transports: Mapping[str, Transport], reach: Callable[[str], None]) -> Path:
    """Put the path together; `reach` is told at each named point (tests end the process there)."""
    settings, status = house.settings.sender, house.topic("status")
    types = house.contract.catalogue.types
    outlooks = Outlooks(
        Surveyor(house.pool, house.topic("residents"), house.topic("proxies")),
        house.contract.policy,
        house.clocks.monotonic,
    )
    recorder = Recorder(
        Recordings(house.pool, status, reach),
        house.clocks.now,
        house.clocks.monotonic,
        house.patience("record"),
        house.observe,
    )
    badges = Badges()
    fleet = build_fleet(house, transports, recorder, badges, reach)
    directory = Directory(house.pool, house.keyring.pseudonymiser.key_id, house.entropy)
    planner = build_planner(house, fleet)
    letters = Letters(house.topic("dead-letters"), house.keyring.letters.seal)
    waiting = Waiting(
        house.pool,
        types,
        status,
        lease=settings.lease,
        passive_after=settings.passive_after,
        held_wait=settings.rejudge_every,
    )
    holdings = Holdings(house.pool, types, status)
    return Path(
        intake=Intake(
            decode=partial(_decode, house),
            directory=directory,
            circumstances=outlooks.at,
            planner=planner,
            ledger=IntakeLedger(openings=Openings(house.pool, letters, status, reach), offsets=Offsets(house.pool)),
            fleet=fleet,
            clocks=house.clocks,
            observe=house.observe,
        ),
        fleet=fleet,
        recorder=recorder,
        feeder=Feeder(
            waiting=MarkedWaiting(waiting=waiting, reach=reach),
            fleet=fleet,
            circumstances=outlooks.at,
            clocks=house.clocks,
            patience=house.patience("feed"),
            observe=house.observe,
            idle=settings.feed_every,
        ),
        rejudger=Rejudger(
            ledger=MarkedHoldings(holdings=holdings, reach=reach),
            directory=directory,
            circumstances=outlooks.at,
            planner=planner,
            fleet=fleet,
            clocks=house.clocks,
            patience=house.patience("rejudge"),
            observe=house.observe,
        ),
        quiet=build_quiet(house, transports, badges, outlooks, reach),
        outlooks=outlooks,
        waiting=waiting,
        holdings=holdings,
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
