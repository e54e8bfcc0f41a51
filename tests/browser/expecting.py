"""Playwright's own waiting, imported when it is first used: the tests are collected where it is missing too."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import Locator, LocatorAssertions

SOON_SECONDS = 15
"""Longest for what a quiet machine does in one second."""


def expect(found: "Locator") -> "LocatorAssertions":
    """Give what can be awaited of an element: that it comes to be so within SOON_SECONDS, or as `timeout` says."""
    from playwright.async_api import expect

    expect.set_options(timeout=SOON_SECONDS * 1000)
    return expect(found)


async def still(what: Callable[[], Awaitable[Any]], seconds: float) -> None:
    """Return when asking has given the same for so long; a minute at most."""
    deadline = time.monotonic() + 60
    given, since = await what(), time.monotonic()
    while time.monotonic() - since < seconds:
        assert time.monotonic() < deadline, f"{given!r} goes on changing"
        await asyncio.sleep(0.2)
        if (now := await what()) != given:
            given, since = now, time.monotonic()


async def until(what: Callable[[], Awaitable[Any]], wanted: Any, seconds: float = SOON_SECONDS) -> None:
    """Return when asking gives what is wanted; fails with the last answer."""
    deadline = time.monotonic() + seconds
    while (given := await what()) != wanted:
        assert time.monotonic() < deadline, f"{given!r} is not {wanted!r}"
        await asyncio.sleep(0.1)
