"""Looking again and again, whatever is found: the page is no reason for the sandbox to end."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from notifier.app.house import House
from notifier.dispatch.facts import Waited
from notifier.dispatch.patience import obey_cancellation
from notifier.domain.faults import Misconfigured
from notifier.wire.records import RawRecord

_SECOND = timedelta(seconds=1)


async def again(house: House, pause: timedelta, work: Callable[[], Awaitable[None]]) -> None:
    """Do it again and again; what cannot be shown now is said in the log and tried later. Raises Misconfigured."""
    while True:
        try:
            await work()
        except Misconfigured:
            raise
        except Exception as fault:  # noqa: BLE001 - a part is away, or answered what nobody expected
            obey_cancellation()
            house.observe(Waited(part="page", fault=type(fault).__name__, pause=_SECOND))
            await asyncio.sleep(_SECOND.total_seconds())
        obey_cancellation()
        await asyncio.sleep(pause.total_seconds())


def shielded(house: House, take: Callable[[Sequence[RawRecord]], None]) -> Callable[[Sequence[RawRecord]], None]:
    """Take records one by one, so that one which cannot be shown hides no other."""

    def take_each(records: Sequence[RawRecord]) -> None:
        for record in records:
            try:
                take([record])
            except Exception as fault:  # noqa: BLE001 - strangers write into topics
                house.observe(Waited(part="page", fault=type(fault).__name__, pause=timedelta()))

    return take_each
