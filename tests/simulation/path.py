"""The path of one process, put together as `app` does, over the fakes of its ports."""

import asyncio
from datetime import timedelta
from functools import partial

import msgspec

from notifier.dispatch.badges import Badges
from notifier.dispatch.bounds import Limits
from notifier.dispatch.circumstances import Outlooks
from notifier.dispatch.feeder import Feeder
from notifier.dispatch.fleet import Fleet
from notifier.dispatch.intake import Clocks, Intake
from notifier.dispatch.lanes import Lane
from notifier.dispatch.patience import Patience
from notifier.dispatch.planning import Planner
from notifier.dispatch.quiet import Quiet
from notifier.dispatch.recorder import Recorder
from notifier.dispatch.rejudging import Rejudger
from notifier.dispatch.sender import Sender
from notifier.dispatch.settling import Settling
from notifier.domain.settlements import Waits
from notifier.wire.records import Decoded
from tests.domain.cast import NATIONAL
from tests.fakes.debts import FakeDebts
from tests.fakes.holdings import FakeHoldings, FakeShares
from tests.fakes.mendings import FakeMendings
from tests.fakes.people import FakeDirectory
from tests.fakes.recordings import FakeRecordings
from tests.fakes.waiting import FakeWaiting
from tests.simulation.phones import DEADLINE_SECONDS, ProcessPost
from tests.simulation.ports import Clear, FakeSurveyor, Shared, StoryLedger, ignore, open_token
from tests.simulation.topic import decode
from tests.simulation.town import LANES
from tests.simulation.weather import SeededMood

LEASE = timedelta(seconds=10)
IDLE = timedelta(seconds=1)
REJUDGE_EVERY = timedelta(seconds=10)
WORKERS, MOST_HELD = 2, 20
WAITS = Waits(first=timedelta(seconds=1), most=timedelta(seconds=8), unavailable=timedelta(seconds=15))


class Path(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that moves events and deliveries in one process."""

    ledger: StoryLedger
    intake: Intake
    fleet: Fleet
    recorder: Recorder
    feeder: Feeder
    rejudger: Rejudger
    quiet: list[Quiet]
    outlooks: Outlooks
    waiting: FakeWaiting
    holdings: FakeHoldings
    shares: FakeShares
    mendings: FakeMendings


def build_path(name: str, shared: Shared, mood: SeededMood, patience: Patience) -> Path:
    """Put the path of one process together."""
    tables, chance = shared.tables, shared.chance
    clocks = Clocks(now=shared.now, wall=shared.now, monotonic=asyncio.get_running_loop().time)
    transports = {lane: ProcessPost(shared.post, name, mood) for lane in LANES}
    badges, directory = Badges(), FakeDirectory(tables, mood)
    recorder = Recorder(FakeRecordings(tables, mood), clocks.now, clocks.monotonic, patience, ignore, most=40)
    fleet = _build_fleet(shared, clocks, transports, recorder, badges)
    outlooks = Outlooks(FakeSurveyor(tables, shared.surroundings, name, mood), NATIONAL, clocks.wall, clocks.monotonic)
    ledger, waiting = StoryLedger(tables, mood, shared.story), FakeWaiting(tables, mood, lease=LEASE)
    holdings = FakeHoldings(tables, mood)
    planner = Planner(
        entropy=chance.randbytes, sealing=Clear(), rooms=fleet, lease=LEASE, rejudge_every=REJUDGE_EVERY,
        catalogue="simulated",
    )  # fmt: skip
    intake = Intake(
        decode=partial(_decode, shared), directory=directory, circumstances=outlooks.at, planner=planner,
        ledger=ledger, fleet=fleet, clocks=clocks, observe=ignore,
    )  # fmt: skip
    feeder = Feeder(
        waiting=waiting, fleet=fleet, circumstances=outlooks.at, clocks=clocks, patience=patience, observe=ignore,
        idle=IDLE,
    )  # fmt: skip
    rejudger = Rejudger(
        ledger=holdings, directory=directory, circumstances=outlooks.at, planner=planner, fleet=fleet, clocks=clocks,
        patience=patience, observe=ignore,
    )  # fmt: skip
    debts = FakeDebts(tables, LEASE, mood)
    quiet = [
        Quiet(
            lane=lane, transport=transport, debts=debts, open_token=open_token, entropy=chance.randbytes,
            badges=badges, waits=WAITS, monotonic=clocks.monotonic, patience=patience, observe=ignore,
            halted=lambda: any(halt.channel in ("push", "all") for halt in outlooks.halts), idle=IDLE,
        )
        for lane, transport in transports.items()
    ]  # fmt: skip
    return Path(
        ledger=ledger, intake=intake, fleet=fleet, recorder=recorder, feeder=feeder, rejudger=rejudger, quiet=quiet,
        outlooks=outlooks, waiting=waiting, holdings=holdings, shares=FakeShares(tables, mood),
        mendings=FakeMendings(tables, timedelta(seconds=DEADLINE_SECONDS), mood),
    )  # fmt: skip


def _decode(shared: Shared, records: object, _now: object) -> Decoded:
    return decode(shared.story.partitions, records)


def _build_fleet(
    shared: Shared, clocks: Clocks, transports: dict[str, ProcessPost], recorder: Recorder, badges: Badges
) -> Fleet:
    sender = Sender(
        transports=transports, open_token=open_token, badges=badges, key_id="1", wall=clocks.wall,
        monotonic=clocks.monotonic, observe=ignore, reach=ignore,
    )  # fmt: skip
    work = Settling(
        attempt=sender.attempt, put=recorder.put, waits=WAITS, clock=clocks.now, chance=shared.chance.random
    )
    deadline = timedelta(seconds=DEADLINE_SECONDS)
    limits = Limits(workers=WORKERS, most=MOST_HELD, lease=LEASE, request_deadline=deadline)
    lanes = {name: Lane(name, work, limits, clocks.monotonic, ignore) for name in transports}
    return Fleet(lanes=lanes, lease=LEASE, workers=WORKERS, monotonic=clocks.monotonic)
