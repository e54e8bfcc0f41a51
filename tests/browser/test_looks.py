"""Everybody can use the page: in both languages, light and dark, on a desk and in a hand."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.board import RESULT, Board
from tests.browser.expecting import expect, until
from tests.browser.looking import PICTURES, assert_accessible, shoot

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.stage import Sandbox

COUNT_MOVES = """() => {
    window.moved = false;
    const look = () => {
        window.moved ||= document.getAnimations().length > 0;
        requestAnimationFrame(look);
    };
    look();
}"""


@pytest.mark.holds("R45")
@pytest.mark.parametrize(("language", "scheme"), [("sv", "light"), ("en", "dark")])
async def test_the_page_is_accessible_on_a_desk_and_in_a_hand(
    page: "Page", sandbox: "Sandbox", language: str, scheme: str
) -> None:
    await page.emulate_media(color_scheme=scheme)
    board = await Board(page, sandbox.url).open(language)
    await expect(board.notices("tolvan-ios")).not_to_have_count(0)
    for width in (1440, 390):
        await page.set_viewport_size({"width": width, "height": 900})
        await assert_accessible(page)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        await shoot(page, f"sandbox-{language}-{scheme}-{width}")


@pytest.mark.slow
@pytest.mark.holds("R45", "R38")
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_stays_accessible_whatever_is_open(
    page: "Page", sandbox: "Sandbox", faults: list[str], scheme: str
) -> None:
    await page.emulate_media(color_scheme=scheme)
    board = await Board(page, sandbox.url).open()
    event = await board.publish("Tolvan", RESULT)
    await expect(page.locator("#said p")).to_be_visible()
    await assert_accessible(page)
    await expect(event.locator(".chip.pushed")).to_be_visible()
    why = await board.ask_why(event)
    await why.locator("details.bytes summary").first.click()
    await assert_accessible(page)
    await event.screenshot(path=PICTURES / f"sandbox-why-{scheme}.png")
    await board.phone("tolvan-ios").locator("details.menu > summary").click()
    await assert_accessible(page)
    await shoot(page, f"sandbox-menu-{scheme}")
    await page.keyboard.press("Escape")
    app = await board.open_app("tolvan-ios", faults)
    await app.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await assert_accessible(app)
    await shoot(app, f"sandbox-app-{scheme}")
    await app.get_by_role("button", name="Läst").click()
    await expect(app.locator("#said p")).to_be_visible()
    await assert_accessible(app)


@pytest.mark.slow
@pytest.mark.holds("R45")
@pytest.mark.timeout(240)
async def test_the_page_stays_accessible_when_it_is_lively_and_when_it_is_ill(page: "Page", sandbox: "Sandbox") -> None:
    board = await Board(page, sandbox.url).open()
    try:
        await board.load(50)
        await expect(page.locator("#figures b").first).not_to_have_text("0")
        await assert_accessible(page)
        await board.load(0)
        for name in ("apns_down", "fcm_slow", "proxies_stale"):
            await board.turn(name)
        await board.handle("karin-android", "offline")
        await board.handle("lovisa-ios", "revoke")
        await board.publish("Elsa", RESULT)
        await board.order(page.locator('[data-publish="broken"]'), "publish")
        await expect(page.locator("#health .part.ill")).not_to_have_count(0)
        await assert_accessible(page)
        await shoot(page, "sandbox-ill")
        await page.emulate_media(color_scheme="dark")
        await assert_accessible(page)
        await shoot(page, "sandbox-ill-dark")
    finally:
        await board.mend()
        await board.handle("karin-android", "online")
        await board.handle("lovisa-ios", "restore")


@pytest.mark.slow
@pytest.mark.holds("R45")
async def test_the_keyboard_alone_publishes(page: "Page", sandbox: "Sandbox") -> None:
    board = await Board(page, sandbox.url).open()
    before = await board.badge("tolvan-ios")
    await page.keyboard.press("Tab")
    await expect(page.locator("a.skip")).to_be_focused()
    await expect(page.locator("a.skip")).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.locator("#choice")).to_be_focused()
    await page.keyboard.press("Tab")
    first = page.locator("[data-type]").first
    await expect(first).to_be_focused()
    assert await first.evaluate("(each) => getComputedStyle(each).outlineStyle") != "none"
    async with page.expect_response("**/sandbox/publish"):
        await page.keyboard.press("Enter")
    await board.badge_becomes("tolvan-ios", before + 1)
    await expect(first).to_be_focused()


@pytest.mark.slow
@pytest.mark.holds("R45")
async def test_who_wants_less_motion_sees_none(page: "Page", sandbox: "Sandbox") -> None:
    board = await Board(page, sandbox.url).open(motion=True)
    await page.evaluate(COUNT_MOVES)
    await board.publish("Tolvan", RESULT)
    await board.publish("Olle", RESULT)
    await until(lambda: page.evaluate("window.moved"), True)
    await page.emulate_media(reduced_motion="reduce")
    await until(lambda: page.evaluate("document.getAnimations().length"), 0)
    await page.evaluate("window.moved = false")
    before = await board.badge("tolvan-ios")
    await board.publish("Tolvan", RESULT)
    await board.badge_becomes("tolvan-ios", before + 1)
    assert await page.evaluate("window.moved") is False
