"""The path of one process, put together: intake, lanes, recorder, feeder, what is held, silent work, relay."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from notifier.app.fleet import build_fleet, build_quiet
from notifier.app.house import House
from notifier.app.intake import Tools, build_intake, build_planner
from notifier.app.marked import MarkedHoldings, MarkedWaiting
from notifier.dispatch.badges import Badges
from notifier.dispatch.circumstances import Outlooks
from notifier.dispatch.feeder import Feeder
from notifier.dispatch.fleet import Fleet
from notifier.dispatch.intake import Intake
from notifier.dispatch.quiet import Quiet
from notifier.dispatch.recorder import Recorder
from notifier.dispatch.rejudging import Rejudger
from notifier.dispatch.sender import Transport
from notifier.postgres.claiming import Waiting
from notifier.postgres.directory import Directory
from notifier.postgres.holding import Holdings
from notifier.postgres.mending import Mendings
from notifier.postgres.recording import Recordings
from notifier.postgres.surveying import Surveyor


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
    mendings: Mendings


def build_path(house: House, transports: Mapping[str, Transport], reach: Callable[[str], None]) -> Path:
    """Put the path together; `reach` is told at each named point (tests end the process there)."""
    surveyor = Surveyor(house.pool, house.topic("residents"), house.topic("proxies"))
    outlooks = Outlooks(surveyor, house.contract.policy, house.clocks.wall, house.clocks.monotonic)
    recorder, badges = _build_recorder(house, reach), Badges()
    fleet = build_fleet(house, transports, recorder, badges, reach)
    directory = Directory(house.pool, house.keyring.pseudonymiser.key_id, house.entropy)
    tools = Tools(
        house=house,
        reach=reach,
        outlooks=outlooks,
        fleet=fleet,
        directory=directory,
        planner=build_planner(house, fleet),
    )
    types, status = house.contract.catalogue.types, house.topic("status")
    waiting, holdings = _build_waiting(house), Holdings(house.pool, types, status)
    return Path(
        intake=build_intake(tools),
        fleet=fleet,
        recorder=recorder,
        feeder=_build_feeder(tools, waiting),
        rejudger=_build_rejudger(tools, holdings),
        quiet=build_quiet(house, transports, badges, outlooks, reach),
        outlooks=outlooks,
        waiting=waiting,
        holdings=holdings,
        mendings=Mendings(house.pool, grace=house.settings.sender.timeout),
    )


def _build_recorder(house: House, reach: Callable[[str], None]) -> Recorder:
    recordings = Recordings(house.pool, house.topic("status"), reach, house.contract.device_brake)
    return Recorder(recordings, house.clocks.now, house.clocks.monotonic, house.patience("record"), house.observe)


def _build_waiting(house: House) -> Waiting:
    settings = house.settings.sender
    return Waiting(
        house.pool,
        house.contract.catalogue.types,
        house.topic("status"),
        lease=settings.lease,
        passive_after=settings.passive_after,
        held_wait=settings.rejudge_every,
    )


def _build_feeder(tools: Tools, waiting: Waiting) -> Feeder:
    house = tools.house
    return Feeder(
        waiting=MarkedWaiting(waiting=waiting, reach=tools.reach),
        fleet=tools.fleet,
        circumstances=tools.outlooks.at,
        clocks=house.clocks,
        patience=house.patience("feed"),
        observe=house.observe,
        idle=house.settings.sender.feed_every,
    )


def _build_rejudger(tools: Tools, holdings: Holdings) -> Rejudger:
    house = tools.house
    return Rejudger(
        ledger=MarkedHoldings(holdings=holdings, reach=tools.reach),
        directory=tools.directory,
        circumstances=tools.outlooks.at,
        planner=tools.planner,
        fleet=tools.fleet,
        clocks=house.clocks,
        patience=house.patience("rejudge"),
        observe=house.observe,
    )
