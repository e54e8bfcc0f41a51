"""What can be done with a phone: away and back, without the app, a new one, a notice swiped away."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.board import RESULT, Board
from tests.browser.expecting import expect, until

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.stage import Sandbox

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.mark.holds("R45", "R5", "A29")
async def test_what_comes_while_a_phone_is_away_arrives_once_when_it_is_back(page: "Page", sandbox: "Sandbox") -> None:
    board = await Board(page, sandbox.url).open()
    phone, before = board.phone("olle-android"), await board.keys("olle-android")
    badge = await board.badge("olle-android")
    await board.handle("olle-android", "offline")
    await expect(phone).to_contain_class("offline")
    event = await board.publish("Olle", RESULT)
    await expect(event.locator(".chip.pushed")).to_be_visible()
    await expect(phone.locator(".state")).to_contain_text("1 väntar")
    assert await board.keys("olle-android") == before
    await board.handle("olle-android", "online")
    await expect(phone).not_to_contain_class("offline")
    await board.badge_becomes("olle-android", badge + 1)
    assert (await board.keys("olle-android"))[1:] == before[:5]
    await expect(phone.locator(".tally .wrong")).to_have_count(0)


@pytest.mark.holds("R45", "R17", "R13", "A31", "A20")
async def test_a_phone_without_the_app_gets_nothing_more_until_it_is_installed_again(
    page: "Page", sandbox: "Sandbox"
) -> None:
    board = await Board(page, sandbox.url).open()
    await board.handle("karin-android", "revoke")
    await expect(board.phone("karin-android")).to_contain_class("revoked")
    received = await board.phone("karin-android").locator(".tally span").first.inner_text()
    why = await board.ask_why(await board.publish("Karin", RESULT))
    await expect(why).to_contain_text("Appen finns inte längre")
    event = await board.publish("Karin", RESULT)
    await expect(event.locator(".chip.unreachable")).to_contain_text("ingen telefon")
    assert await board.phone("karin-android").locator(".tally span").first.inner_text() == received
    await board.handle("karin-android", "restore")
    await expect(board.phone("karin-android")).not_to_contain_class("revoked")
    event = await board.publish("Karin", RESULT)
    await expect(event.locator(".chip.pushed")).to_be_visible()
    await expect(board.phone("karin-android").locator(".tally span").first).not_to_have_text(received)


@pytest.mark.holds("R45", "R17", "R14", "A19")
async def test_a_new_phone_gets_the_next_notice_with_the_whole_count(page: "Page", sandbox: "Sandbox") -> None:
    board = await Board(page, sandbox.url).open()
    before = await board.badge("lovisa-ios") + 1
    await board.publish("Lovisa", RESULT)
    await board.badge_becomes("lovisa-ios", before)
    await board.handle("lovisa-ios", "replace")
    await expect(board.notices("lovisa-ios")).to_have_count(0)
    await board.publish("Lovisa", RESULT)
    await expect(board.notices("lovisa-ios")).to_have_count(1)
    await board.badge_becomes("lovisa-ios", before + 1)


@pytest.mark.holds("R45", "B10", "A24")
async def test_swiping_a_notice_away_leaves_the_badge(page: "Page", sandbox: "Sandbox") -> None:
    board = await Board(page, sandbox.url).open()
    before = await board.badge("ingrid-ios")
    await board.publish("Ingrid", RESULT)
    await board.badge_becomes("ingrid-ios", before + 1)
    key = (await board.keys("ingrid-ios"))[0]
    await board.order(board.notices("ingrid-ios").first.locator("button.dismiss"), "phone")
    await expect(board.phone("ingrid-ios").locator(f'[data-key="{key}"]')).to_have_count(0)
    assert key in await board.keys("ingrid-android")
    assert await board.badge("ingrid-ios") == before + 1


@pytest.mark.holds("R45", "R5", "I2", "A4", "A27")
async def test_what_is_published_twice_shows_once(page: "Page", sandbox: "Sandbox") -> None:
    board = await Board(page, sandbox.url).open()
    await board.choose("Ingrid")
    await page.locator("#renew").click()
    before = await board.keys("ingrid-ios")
    badge = await board.badge("ingrid-ios")
    newest = await board.press(page.locator('[data-publish="twice"]'))
    await expect(newest.locator(".chip.duplicate")).to_be_visible()
    await board.badge_becomes("ingrid-ios", badge + 1)
    assert (await board.keys("ingrid-ios"))[1:] == before[:5]
    await expect(board.notices("ingrid-ios").first.locator(".notice-again")).to_have_count(0)


@pytest.mark.holds("R45", "I12", "A6")
async def test_a_thousand_events_are_accounted_for_at_every_moment(page: "Page", sandbox: "Sandbox") -> None:
    board = await Board(page, sandbox.url).open()
    await board.account_is_exact()
    before = await board.records()
    await page.evaluate(
        """() => { window.wrongs = 0;
        new MutationObserver(() => { window.wrongs += document.querySelector("#account.wrong") ? 1 : 0; })
            .observe(document.body, { subtree: true, attributes: true, attributeFilter: ["class"] }); }"""
    )
    await board.order(page.locator('[data-publish="thousand"]'), "publish")
    await board.account_is_exact(before + 1000, seconds=60)
    await until(lambda: page.evaluate("window.wrongs"), 0)
