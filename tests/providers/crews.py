"""A lane that holds what is sent until it is let go, with those who work it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from notifier.domain.pushes import Accepted, Outcome, Parcel
from notifier.providers.crew import Crew
from tests.providers.lanes import fresh_parcel

PATIENCE = timedelta(seconds=0.2)


class Lane:
    """Holds what is sent until it is let go, and says how much may be under way."""

    def __init__(self) -> None:
        self.capacity = 2
        self.begun: list[int] = []
        self.under_way: list[int] = []
        self.most = 0
        self.go = asyncio.Event()
        self.told: dict[int, Outcome] = {}
        self.crew = Crew(self.send, self, PATIENCE, self.tell)

    async def send(self, parcel: Parcel) -> Outcome:
        number = int.from_bytes(parcel.id)
        self.begun.append(number)
        self.under_way.append(number)
        self.most = max(self.most, len(self.under_way))
        await self.go.wait()
        self.under_way.remove(number)
        if number == 13:
            raise ValueError("too large")
        if number == 99:
            raise RuntimeError("a fault of ours")
        return Accepted()

    def tell(self, number: int, outcome: Outcome) -> None:
        self.told[number] = outcome

    def hand(self, *numbers: int) -> None:
        for number in numbers:
            self.crew.hand(number, fresh_parcel(number=number))

    async def until_told(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.told) < count:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def working_lane() -> AsyncIterator[Lane]:
    """Lend a lane, and let its crew go afterwards."""
    lane = Lane()
    yield lane
    lane.crew.dismiss()
    await asyncio.sleep(0)
