"""The path of one process, put together: intake, lanes, recorder, feeder, what is held, silent work, relay."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

import msgspec

from notifier.app.house import House
from notifier.app.keyring import DETAILS_KEY_ID
from notifier.app.marked import MarkedDebts, MarkedHoldings, MarkedWaiting
from notifier.dispatch.badges import Badges
from notifier.dispatch.batches import Batch, OpenResult
from notifier.dispatch.circumstances import Outlooks
from notifier.dispatch.feeder import Feeder
from notifier.dispatch.fleet import Fleet
from notifier.dispatch.intake import Intake
from notifier.dispatch.lanes import Lane, Limits
from notifier.dispatch.planning import Planner, Rooms
from notifier.dispatch.quiet import Quiet
from notifier.dispatch.recorder import Recorder
from notifier.dispatch.rejudging import Rejudger
from notifier.dispatch.sender import Sender, Transport
from notifier.dispatch.settling import Settling
from notifier.domain.identifiers import EventKey
from notifier.domain.settlements import Waits
from notifier.postgres.claiming import Waiting
from notifier.postgres.directory import Directory
from notifier.postgres.holding import Holdings
from notifier.postgres.letters import Letters
from notifier.postgres.offsets import Offsets
from notifier.postgres.opening import Openings
from notifier.postgres.quiet import Debts
from notifier.postgres.recording import Recordings
from notifier.postgres.surveying import Surveyor
from notifier.wire.events import decode_all
from notifier.wire.records import Decoded, RawRecord

_MOST_HELD = 10_000


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
    fleet = _build_fleet(house, transports, recorder, badges, reach)
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
        quiet=_build_quiet(house, transports, badges, outlooks, reach),
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


def _waits(house: House) -> Waits:
    settings = house.settings.sender
    return Waits(
        first=settings.retry_first,
        most=settings.retry_most,
        unavailable=settings.apns_down_wait,
        unavailable_short=settings.apns_down_short_wait,
        fcm_first=settings.fcm_first_wait,
    )


def _build_fleet(
    house: House,
    transports: Mapping[str, Transport],
    recorder: Recorder,
    badges: Badges,
    reach: Callable[[str], None],
) -> Fleet:
    settings = house.settings.sender
    sender = Sender(
        transports=transports,
        open_token=house.keyring.open_token,
        badges=badges,
        key_id=DETAILS_KEY_ID,
        clock=house.clocks.now,
        monotonic=house.clocks.monotonic,
        observe=house.observe,
        reach=reach,
    )
    work = Settling(
        attempt=sender.attempt, put=recorder.put, waits=_waits(house), clock=house.clocks.now, chance=random.random
    )
    limits = Limits(
        workers=settings.connections * settings.in_flight,
        most=_MOST_HELD,
        lease=settings.lease,
        request_deadline=settings.timeout,
    )
    lanes = {name: Lane(name, work, limits, house.clocks.monotonic, house.observe) for name in transports}
    return Fleet(lanes=lanes, lease=settings.lease, workers=limits.workers)


def _build_quiet(
    house: House,
    transports: Mapping[str, Transport],
    badges: Badges,
    outlooks: Outlooks,
    reach: Callable[[str], None],
) -> tuple[Quiet, ...]:
    debts = MarkedDebts(debts=Debts(house.pool, house.settings.sender.lease), reach=reach)
    return tuple(
        Quiet(
            lane=lane,
            transport=transport,
            debts=debts,
            open_token=house.keyring.open_token,
            entropy=house.entropy,
            badges=badges,
            waits=_waits(house),
            monotonic=house.clocks.monotonic,
            patience=house.patience("quiet"),
            observe=house.observe,
            halted=lambda: any(halt.channel in ("push", "all") for halt in outlooks.halts),
        )
        for lane, transport in transports.items()
    )
