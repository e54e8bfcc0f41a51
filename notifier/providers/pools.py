"""The connections of a lane: those of its usual traffic, and one apart for tokens that may be bad."""

import asyncio

import msgspec

from notifier.providers.pool import Pool
from notifier.providers.routes import Route
from notifier.providers.windows import Bounds

DOUBTED = Bounds(first=10, most=100)
MOST_WAITING = 100
"""Doubtful parcels beyond these are not sent now: each takes a place in its lane from those that are in no doubt."""


class Pools:
    """Apple lets fewer streams through after a bad token and ends the connection after some (protocols 2.1)."""

    def __init__(self, route: Route) -> None:
        self.usual = Pool(route)
        self.doubtful = Pool(msgspec.structs.replace(route, connections=1, most_connections=1, window=DOUBTED))

    def open(self) -> None:
        """Make ready; Misconfigured if the authorities cannot be read."""
        self.usual.open()
        self.doubtful.open()

    def choose(self, *, doubtful: bool) -> Pool:
        """Say on which connections a parcel travels."""
        return self.doubtful if doubtful else self.usual

    async def close(self) -> None:
        """Let what is in flight end, then close."""
        await asyncio.gather(self.usual.close(), self.doubtful.close())
