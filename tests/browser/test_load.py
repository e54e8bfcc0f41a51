"""Two hundred events a second: the page shows what the phones show, and stays light."""

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.browser.board import Board
from tests.browser.control import read_badges
from tests.browser.expecting import until

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

    from tests.browser.stage import Sandbox

EVENTS_PER_SECOND, SECONDS = 200, 15
LONGEST_FRAME_MS = 1000
MOST_GROWN_BYTES, MOST_GROWN_NODES = 20_000_000, 5_000
BEHIND_SECONDS = 2
WATCH_FRAMES = """() => {
    window.longest = 0;
    let last = performance.now();
    const frame = (now) => {
        window.longest = Math.max(window.longest, now - last);
        last = now;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""
BADGES = (
    """all => Object.fromEntries(all.map((each) => [each.id.slice("phone-".length), Number(each.dataset.badge)]))"""
)
pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.mark.holds("R45", "R14", "I12", "A29")
async def test_two_hundred_events_a_second_leave_the_page_quick_and_right(page: "Page", sandbox: "Sandbox") -> None:
    board = await Board(page, sandbox.url).open()
    browser = await page.context.new_cdp_session(page)
    before, records = await _weigh(browser), await board.records()
    await page.evaluate(WATCH_FRAMES)
    try:
        await board.load(EVENTS_PER_SECOND)
        await asyncio.sleep(SECONDS)
    finally:
        await board.mend()
    await _settle(sandbox)

    async def behind() -> dict[str, int]:
        told, shown = read_badges(sandbox), await page.locator(".phone").evaluate_all(BADGES)
        return {slug: shown[slug] - badge for slug, badge in told.items() if shown[slug] != badge}

    await until(behind, {}, BEHIND_SECONDS)
    assert await page.evaluate("window.longest") < LONGEST_FRAME_MS
    heap, nodes = [now - then for now, then in zip(await _weigh(browser), before, strict=True)]
    assert heap < MOST_GROWN_BYTES
    assert nodes < MOST_GROWN_NODES
    await board.account_is_exact(records + EVENTS_PER_SECOND * SECONDS // 2, 60)
    assert await page.locator(".tally .wrong").count() == 0


async def _settle(sandbox: "Sandbox") -> None:
    """Return when the phones stand still: what was published is worked off after the last event."""
    last = read_badges(sandbox)
    async with asyncio.timeout(60):
        while True:
            await asyncio.sleep(1)
            if last == (last := read_badges(sandbox)):
                return


async def _weigh(browser: "CDPSession") -> tuple[int, int]:
    """Give the bytes of the page's heap and the number of its nodes, without what nobody holds any more."""
    await browser.send("HeapProfiler.collectGarbage")
    heap = await browser.send("Runtime.getHeapUsage")
    nodes = await browser.send("Memory.getDOMCounters")
    return int(heap["usedSize"]), int(nodes["nodes"])
