"""Tasks that wait for something to do or for room, woken one at a time; cheaper than a condition per entry."""

import asyncio
from collections import deque


class Waiters:
    """Those who wait, in the order they came; whoever is bounded outside bounds them."""

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    async def wait(self) -> None:
        """Wait to be woken; who is cancelled just then passes it on."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(woken)
        try:
            await woken
        except asyncio.CancelledError:
            if not woken.cancelled():
                self.wake()
            raise

    def wake(self) -> None:
        """Wake the first, if anybody waits."""
        while self._waiting:
            woken = self._waiting.popleft()
            if not woken.done():
                woken.set_result(None)
                return

    def wake_all(self) -> None:
        """Wake everybody who waits now."""
        for _ in range(len(self._waiting)):
            self.wake()
