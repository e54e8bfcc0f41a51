"""Every button, link and field of the page is used once, and the test itself finds which were forgotten."""

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.board import RESULT, Board
from tests.browser.expecting import expect
from tests.browser.pressing import NAME, Pressing

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.stage import Sandbox

MARKS = {"read": "seen", "acted": "seen", "withdrawn": "withdrawn"}
"""What becomes of an event (A25)."""
MARTA = "195503152380"
PARTS = 7
"""Of the list of what is ready."""


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.holds("R45", "R2", "R44", "B10", "A25", "A34")
async def test_every_button_does_what_it_says_and_none_is_forgotten(
    page: "Page", sandbox: "Sandbox", faults: list[str]
) -> None:
    board, pressing = await Board(page, sandbox.url).open(), Pressing(page)
    try:
        await _go_around(pressing, page)
        await _publish(pressing, page)
        await board.account_is_exact(1_000)
        await _hold_a_phone(pressing, board)
        await _open_the_app(pressing, board, faults)
        await _mark(pressing, board)
        await board.open()
        await _break(pressing, board)
        await _move_the_clock(pressing, board)
    finally:
        await board.mend()
    assert pressing.forgotten() == set()
    assert len(pressing.seen) > 40


async def _go_around(pressing: Pressing, page: "Page") -> None:
    await page.keyboard.press("Tab")
    await pressing.press(page.locator("a.skip"))
    for part in ("publish", "phones", "course", "trouble", "books"):
        await pressing.press(page.locator(f'.jump a[href="#{part}"]'))
        await expect(page.locator(f"#{part}")).to_be_in_viewport()
    async with page.context.expect_page() as opened:
        await pressing.press(page.locator('a[href$="/metrics"]'))
    metrics = await opened.value
    await expect(metrics.locator("body")).to_contain_text("# HELP")
    await metrics.close()
    pressing.note(await page.locator("a.language").evaluate(NAME))
    await page.locator("a.language").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await page.locator("a.language").click()
    await expect(page.locator("html")).to_have_attribute("lang", "sv")
    await expect(page.locator("#validity")).to_contain_class("fine")


async def _publish(pressing: Pressing, page: "Page") -> None:
    editor, choice, slider = (page.locator(f"#{name}") for name in ("editor", "choice", "load-slider"))
    for field in (editor, choice, slider):
        pressing.note(await field.evaluate(NAME))
    await choice.select_option(MARTA)
    await expect(editor).to_have_value(re.compile(MARTA))
    before = await editor.input_value()
    await pressing.press(page.locator("#renew"))
    await expect(editor).not_to_have_value(before)
    for how in ("once", "twice", "broken", "thousand"):
        await pressing.press(page.locator(f'[data-publish="{how}"]'), told=True)
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await pressing.press(page.locator("details.kcat > summary"))
    await pressing.press(page.locator("#copy-kcat"), told=True)
    assert "kcat -P -b" in await page.evaluate("navigator.clipboard.readText()")
    for rate in ("10", "0"):
        await slider.fill(rate)
        await expect(page.locator("#said p")).to_contain_text(f" {rate} ")
    await page.locator("#said button").click()
    pressing.note(await page.locator("#said").get_attribute("data-close") or "")
    await expect(page.locator("#said p")).to_have_count(0)


async def _hold_a_phone(pressing: Pressing, board: Board) -> None:
    phone = board.phone("olle-android")
    for act in ("offline", "online", "revoke", "restore", "replace"):
        await pressing.press(phone.locator("details.menu > summary"))
        await pressing.press(board.button("phone", act, phone), told=True)
    await expect(board.notices("olle-android")).to_have_count(0)
    await board.publish("Olle", RESULT)
    await pressing.press(board.notices("olle-android").locator("button.dismiss"), told=True)
    await expect(board.notices("olle-android")).to_have_count(0)


async def _open_the_app(pressing: Pressing, board: Board, faults: list[str]) -> None:
    for what in ("read", "acted"):
        before = await board.badge("johan-android")
        await board.publish("Johan", RESULT)
        await board.badge_becomes("johan-android", before + 1)
        pressing.note(await board.notices("johan-android").first.locator("a").evaluate(NAME))
        app = await board.open_app("johan-android", faults)
        await pressing.look(app)
        await pressing.press(app.locator(f"""button[data-body*='"{what}"']"""), told=True)
        await board.badge_becomes("johan-android", before)
        await pressing.press(app.locator(".app-top a"))
        await expect(app.locator("#phones")).to_be_visible()
        await app.close()


async def _mark(pressing: Pressing, board: Board) -> None:
    for what, end in MARKS.items():
        event = await board.publish("Ingrid", RESULT)
        await expect(event.locator(".chip.pushed")).to_be_visible()
        await pressing.press(event.locator("details.why > summary"))
        await pressing.press(event.locator("details.bytes > summary"))
        await pressing.press(board.button("mark", what, event), told=True)
        await expect(event.locator(f".chip.{end}")).to_be_visible()


async def _break(pressing: Pressing, board: Board) -> None:
    for name in ("apns_down", "fcm_slow", "proxies_stale"):
        for state in ("true", "false"):
            await pressing.press(board.button("switch", name), told=True)
            await expect(board.button("switch", name)).to_have_attribute("aria-pressed", state)
    for name in ("restart_postgres", "kill_dispatcher"):
        await pressing.press(board.button("switch", name), told=True)
        await expect(board.page.locator("#health .part.ready")).to_have_count(PARTS, timeout=40_000)


async def _move_the_clock(pressing: Pressing, board: Board) -> None:
    clock = board.page.locator("#clock")
    for by in ("PT1M", "PT1H", "P1D", "midnight"):
        before = await clock.get_attribute("data-now") or ""
        await pressing.press(board.button("clock", by), told=True)
        assert (await clock.get_attribute("data-now") or "") > before
