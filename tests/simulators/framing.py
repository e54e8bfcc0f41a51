"""Orders about frames, and connections that meet what was ordered."""

import ssl
from contextlib import AbstractAsyncContextManager
from typing import cast

import pytest

from tests.simulators.child import Answer
from tests.simulators.pushing import Pushing
from tests.simulators.raw import Raw, raw

FAST, FRAMES = "fast", "frames"
EITHER = pytest.mark.parametrize(
    "simulators", [FAST, pytest.param(FRAMES, marks=pytest.mark.slow)], indirect=True, scope="session"
)
"""For tests of what both servers do alike."""
ONLY_FRAMES = pytest.mark.parametrize("simulators", [FRAMES], indirect=True, scope="session")
"""For tests of what the fast server cannot do."""


class Framing:
    """Orders faults and counts them."""

    def __init__(self, pushing: Pushing) -> None:
        self.pushing = pushing

    async def order(self, **mischief: object) -> None:
        answer = await self.try_order(**mischief)
        assert answer.status == 204, answer.body

    async def try_order(self, **mischief: object) -> Answer:
        return await self.pushing.child.order("PUT", "/frames", mischief)

    async def forget(self) -> None:
        assert (await self.pushing.child.order("DELETE", "/frames")).status == 204

    async def open(self) -> dict[str, object]:
        """Say what the server has open."""
        return (await self.pushing.child.order("GET", "/frames")).json()

    async def counts(self, name: str = "frames") -> dict[str, int]:
        """Say what was thrown, or what a provider answered."""
        return cast("dict[str, int]", (await self.pushing.child.order("GET", "/counts")).json()[name])

    def connect(self, *, tls: ssl.SSLContext | None = None, **settings: int) -> AbstractAsyncContextManager[Raw]:
        return raw(self.pushing, tls=tls, **settings)
