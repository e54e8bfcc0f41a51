"""Takes the README's pictures of the page: `python -m tests.browser.pictures`, with a Chromium."""

import asyncio
from typing import TYPE_CHECKING

from tests.browser.chromium import run_chromium
from tests.browser.stage import run_sandbox
from tests.house.code import ROOT

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

FOLDER = ROOT / "notifier" / "sandbox" / "pictures"
TOLVAN, ELSA = "191212121212", "201806062384"


async def take_all(browser: "Browser", address: str) -> None:
    """Bring the page into a lively state and take each picture."""
    wide = await browser.new_page(viewport={"width": 1440, "height": 980}, locale="sv-SE")
    await wide.goto(f"{address}?lang=sv")
    # Everybody's first message: one of his own, and one of each child.
    await wide.locator('#phone-tolvan-ios[data-badge="3"]').wait_for()
    await publish(wide, TOLVAN, "se.1177.booking.changed.v1")
    await publish(wide, ELSA, "se.1177.results.available.v1")
    await wide.wait_for_timeout(3000)
    await wide.evaluate("document.getElementById('said').replaceChildren()")
    await wide.evaluate("document.getElementById('phones').scrollIntoView()")
    await wide.screenshot(path=FOLDER / "sandbox-phones.jpg", type="jpeg", quality=78)
    await wide.evaluate("document.styleSheets[0].insertRule('.events { max-height: none !important }', 0)")
    why = wide.locator("#events > li").first
    await why.locator("details.why summary").first.click()
    await why.locator(".steps").wait_for()
    await why.locator("details.bytes summary").first.click()
    await why.screenshot(path=FOLDER / "sandbox-why.jpg", type="jpeg", quality=80)


async def publish(page: "Page", subject: str, name: str) -> None:
    """Publish an event of a type about Tolvan or a child of his, and wait until his phone shows it."""
    await page.select_option("#choice", subject)
    shown = page.locator("#phone-tolvan-ios")
    before = int(await shown.get_attribute("data-badge") or 0)
    await page.click(f'button[data-type="{name}"]')
    await page.locator(f'#phone-tolvan-ios[data-badge="{before + 1}"]').wait_for()


async def main() -> None:
    """Start a sandbox of its own and take the pictures."""
    FOLDER.mkdir(exist_ok=True)
    async with run_sandbox() as sandbox, run_chromium() as browser:
        await take_all(browser, sandbox.url)


if __name__ == "__main__":
    asyncio.run(main())
