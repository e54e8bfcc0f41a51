"""Silent work of one lane, for tests: paid a hundred times as often as usual."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from notifier.dispatch.badges import Badges
from notifier.dispatch.batches import Badge
from notifier.dispatch.debts import Debts, Owed
from notifier.dispatch.patience import Patience
from notifier.dispatch.quiet import Quiet
from notifier.dispatch.sender import Transport
from notifier.domain.identifiers import DeviceId, PersonId
from notifier.domain.people import Platform
from notifier.domain.settlements import Waits
from tests.dispatch.parts import LANE, Clock

_LIMIT_SECONDS = 5


def owe(number: int) -> Owed:
    return Owed(
        device=DeviceId(number), recipient=PersonId(number), platform=Platform.IOS, lane=LANE, kind="token",
        token=b"", badge=Badge(unread=0, version=1), with_badge=True, removals=(), urgent=False, removed=0, lease=1,
        wanted=1, attempts=0, gone=False, doubtful=False,
    )  # fmt: skip


@asynccontextmanager
async def running(debts: Debts, post: Transport, *, most: int = 100, halted: bool = False) -> AsyncIterator[None]:
    """Let the lane's silent work be paid, a hundred times as often as usual; the block has a few seconds."""
    moment = timedelta(milliseconds=3)
    patience = Patience(part="quiet", chance=lambda: 0.5, observe=lambda _fact: None, first=moment, most=moment)
    quiet = Quiet(
        lane=LANE, transport=post, debts=debts, open_token=lambda device, _sealed: str(device), entropy=bytes,
        badges=Badges(), waits=Waits(), monotonic=Clock(), patience=patience, observe=lambda _fact: None,
        halted=lambda: halted, idle=moment, most=most,
    )  # fmt: skip
    task = asyncio.create_task(quiet.run())
    try:
        async with asyncio.timeout(_LIMIT_SECONDS):
            yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def see(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.001)
