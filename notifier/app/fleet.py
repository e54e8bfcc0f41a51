"""Lanes and silent work of a process, put together."""

import random
from collections.abc import Callable, Mapping

from notifier.app.house import House
from notifier.app.keyring import DETAILS_KEY_ID
from notifier.app.marked import MarkedDebts
from notifier.dispatch.badges import Badges
from notifier.dispatch.bounds import Limits
from notifier.dispatch.circumstances import Outlooks
from notifier.dispatch.fleet import Fleet
from notifier.dispatch.lanes import Lane
from notifier.dispatch.quiet import Quiet
from notifier.dispatch.recorder import Recorder
from notifier.dispatch.sender import Sender, Transport
from notifier.dispatch.settling import Settling
from notifier.domain.settlements import Waits
from notifier.postgres.quiet import Debts

_MOST_HELD = 10_000


def _waits(house: House) -> Waits:
    settings = house.settings.sender
    return Waits(
        first=settings.retry_first,
        most=settings.retry_most,
        unavailable=settings.apns_down_wait,
        unavailable_short=settings.apns_down_short_wait,
        busy=settings.busy_wait,
        fcm_first=settings.fcm_first_wait,
    )


def build_fleet(
    house: House,
    transports: Mapping[str, Transport],
    recorder: Recorder,
    badges: Badges,
    reach: Callable[[str], None],
) -> Fleet:
    """Put the lanes together, each with its workers and bounds."""
    settings = house.settings.sender
    sender = Sender(
        transports=transports,
        open_token=house.keyring.open_token,
        badges=badges,
        key_id=DETAILS_KEY_ID,
        wall=house.clocks.wall,
        monotonic=house.clocks.monotonic,
        observe=house.observe,
        reach=reach,
    )
    work = Settling(
        attempt=sender.attempt, put=recorder.put, waits=_waits(house), clock=house.clocks.now, chance=random.random
    )
    limits = Limits(
        workers=settings.in_flight,
        most=_MOST_HELD,
        lease=settings.lease,
        request_deadline=settings.longest_attempt,
    )
    lanes = {name: Lane(name, work, limits, house.clocks.monotonic, house.observe) for name in transports}
    return Fleet(lanes=lanes, lease=settings.lease, workers=limits.workers, monotonic=house.clocks.monotonic)


def build_quiet(
    house: House,
    transports: Mapping[str, Transport],
    badges: Badges,
    outlooks: Outlooks,
    reach: Callable[[str], None],
) -> tuple[Quiet, ...]:
    """Put together what pays each lane's silent work."""
    policy, now = house.contract.policy, house.clocks.now
    debts = Debts(house.pool, house.settings.sender.lease, lambda: policy.stale_borders(now()))
    marked = MarkedDebts(debts=debts, reach=reach)
    return tuple(
        Quiet(
            lane=lane,
            transport=transport,
            debts=marked,
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
