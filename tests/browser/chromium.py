"""A Chromium of this machine, driven by Playwright: both are found, or their tests say NOT TESTED."""

import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    # In containers its own sandbox is not to be had, and it opens only pages of ours.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """Give where a Chromium is that answers; None where this machine has none."""
    return next((path for name in NAMES if (path := shutil.which(name)) and _answers(path)), None)


def _answers(path: str) -> bool:
    """Say whether it is more than a script that tells where to get one."""
    return subprocess.run((path, "--version"), capture_output=True, timeout=20).returncode == 0


@asynccontextmanager
async def run_chromium() -> AsyncIterator["Browser"]:
    """Run a browser without a window for the block; skips where none can be had."""
    path = find_chromium()
    if path is None:
        pytest.skip("NOT TESTED: no Chromium is installed here (Debian package chromium)")
    if find_spec("playwright") is None or find_spec("axe_playwright_python") is None:
        pytest.skip("NOT TESTED: Playwright is not installed here (build/browser.log says why)")
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS, timeout=20_000)
        try:
            yield browser
        finally:
            await browser.close()
