"""A browser and a sandbox for the tests of this folder, a fresh page for each."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import run_chromium
from tests.browser.stage import Sandbox, run_sandbox
from tests.browser.watching import watch

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page


# Of the folder and not of the session: what they cost, the tests of other folders would pay.
@pytest.fixture(scope="package")
async def browser() -> AsyncIterator["Browser"]:
    """Run one browser for all tests of this folder."""
    async with run_chromium() as running:
        yield running


@pytest.fixture(scope="package")
async def sandbox(browser: "Browser") -> AsyncIterator[Sandbox]:
    """Run one sandbox for all tests of this folder; without a browser there is no need of it."""
    async with run_sandbox() as running:
        yield running


@pytest.fixture
def faults() -> list[str]:
    """Give the list of what went wrong in the page; a test that provokes something looks, and clears it."""
    return []


@pytest.fixture
async def page(browser: "Browser", faults: list[str]) -> AsyncIterator["Page"]:
    """Open a page that shares nothing with earlier ones; whatever goes wrong in it fails the test."""
    context = await browser.new_context()
    try:
        opened = await context.new_page()
        opened.set_default_timeout(10_000)
        await watch(opened, faults)
        yield opened
        # What the browser has noticed by now has also been told.
        await opened.evaluate("null")
        assert faults == []
    finally:
        await context.close()
