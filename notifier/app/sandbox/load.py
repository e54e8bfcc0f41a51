"""The load that the page makes: so many events a second, until it is set to none."""

import asyncio
import time

from notifier.app.sandbox.board import Board
from notifier.app.sandbox.publishing import Desk
from notifier.domain.faults import Unavailable
from notifier.sandbox.gauge_views import LoadView

MOST_EVENTS_PER_SECOND = 500
"""What the service is designed for (MISSION, scale), and what two cores carry with Kafka and PostgreSQL beside it."""
_TICK_SECONDS = 0.1
_LONGEST_TICK_SECONDS = 0.5


class Load:
    """Publishes at a rate; what could not be published in time is left out, not made up for."""

    def __init__(self, desk: Desk, board: Board) -> None:
        self._desk, self._board = desk, board
        self._rate = 0
        self.set_rate(0)

    def set_rate(self, events_per_second: int) -> None:
        """Publish so many a second from now on; ValueError for a rate that the page does not offer."""
        if not 0 <= events_per_second <= MOST_EVENTS_PER_SECOND:
            raise ValueError(f"0 to {MOST_EVENTS_PER_SECOND} events a second")
        self._rate = events_per_second
        self._board.put("load", "load", LoadView(events_per_second=self._rate, most=MOST_EVENTS_PER_SECOND))

    async def run(self) -> None:
        """Publish until cancelled."""
        owed, began = 0.0, time.monotonic()
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            now = time.monotonic()
            owed = (owed % 1) + self._rate * min(now - began, _LONGEST_TICK_SECONDS)
            began = now
            try:
                await self._desk.publish_bulk(int(owed))
            except Unavailable:
                owed = 0.0
