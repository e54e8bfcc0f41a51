"""Lanes to simulators that are well, beside others that are told to misbehave."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

from tests.providers.houses import LANES, House, Worked, keeping_house


class Fleet:
    """The lanes that are well, and a house whose lanes are not."""

    def __init__(self, well: dict[str, Worked], ill: House) -> None:
        self.ill = ill
        self._well = well
        self._closing = set[asyncio.Task[None]]()

    def others(self, name: str) -> list[Worked]:
        """Give the lanes beside one."""
        return [worked for lane, worked in self._well.items() if lane != name]

    def let_go(self, worked: Worked) -> None:
        """Close a lane meanwhile."""
        self._closing.add(asyncio.create_task(worked.close()))

    async def close(self) -> None:
        """Close everything."""
        for worked in self._well.values():
            self.let_go(worked)
        await asyncio.gather(*self._closing)


@asynccontextmanager
async def commanding_fleet(folder: Path) -> AsyncIterator[Fleet]:
    """Open a lane of each kind to providers that are well, beside a house that misbehaves frame by frame."""
    async with AsyncExitStack() as stack:
        well = await stack.enter_async_context(keeping_house(folder / "well"))
        ill = await stack.enter_async_context(keeping_house(folder / "ill", "--frames"))
        patient = timedelta(seconds=5)
        fleet = Fleet({name: await well.open(name, timeout=patient) for name in LANES}, ill)
        stack.push_async_callback(fleet.close)
        yield fleet
