"""Whatever is broken from the page, nothing is lost and nothing shows twice."""

import re
import time
from collections.abc import AsyncIterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from tests.browser.board import CHILD, RESULT, Board
from tests.browser.expecting import expect

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.stage import Sandbox

APPLE, GOOGLE, PROXIES = "apns_down", "fcm_slow", "proxies_stale"
SLOW_SECONDS = 5
"""Google's answer, as the switch says."""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
async def board(page: "Page", sandbox: "Sandbox") -> AsyncIterator[Board]:
    """Open the page, and mend afterwards what the test broke."""
    board = await Board(page, sandbox.url).open()
    yield board
    await board.mend()


@pytest.mark.holds("R45", "I8", "I12", "A31")
async def test_what_apple_did_not_take_arrives_when_it_answers_again(page: "Page", board: Board) -> None:
    records, keys = await board.records(), await board.keys("tolvan-ios")
    badges = {slug: await board.badge(slug) for slug in ("tolvan-ios", "tolvan-android")}
    await board.turn(APPLE)
    await expect(board.button("switch", APPLE)).to_have_attribute("aria-pressed", "true")
    await expect(page.locator("#health .part.ill")).to_contain_text("Apple")
    await board.publish("Tolvan", RESULT)
    await board.badge_becomes("tolvan-android", badges["tolvan-android"] + 1)
    assert await board.keys("tolvan-ios") == keys
    await board.turn(APPLE)
    await expect(page.locator("#health .part.ill")).to_have_count(0)
    # Five seconds after the first 503 here, and again after as many.
    await expect(board.phone("tolvan-ios")).to_have_attribute(
        "data-badge", str(badges["tolvan-ios"] + 1), timeout=30_000
    )
    await expect(board.phone("tolvan-ios").locator(".tally .wrong")).to_have_count(0)
    await board.account_is_exact(records + 1)


@pytest.mark.holds("R45", "I8", "R12")
async def test_a_slow_google_does_not_delay_an_iphone(board: Board) -> None:
    badge = await board.badge("ingrid-ios")
    await board.turn(GOOGLE)
    began = time.monotonic()
    event = await board.publish("Ingrid", RESULT)
    await board.badge_becomes("ingrid-ios", badge + 1)
    assert time.monotonic() - began < SLOW_SECONDS
    accepted = (await board.ask_why(event)).locator(
        ".step", has_text=re.compile(r"(?:telefon|enhet) \d: pushen är mottagen")
    )
    # What is open is read again until nothing is new.
    await expect(accepted).to_have_count(2)
    at = [await accepted.filter(has_text=lane).locator("time").get_attribute("datetime") for lane in ("apns", "fcm")]
    apple, google = map(datetime.fromisoformat, at)
    assert (google - apple).total_seconds() > SLOW_SECONDS - 1


@pytest.mark.holds("R45", "R8", "I7", "B21", "A8", "A34")
async def test_what_is_about_a_child_waits_while_nobody_knows_who_is_guardian(board: Board) -> None:
    tolvan, karin = await board.badge("tolvan-ios"), await board.badge("karin-android")
    await board.turn(PROXIES)
    event = await board.publish("Elsa", RESULT)
    await expect(event.locator(".chip.held")).to_be_visible()
    await board.publish("Karin", RESULT)
    await board.badge_becomes("karin-android", karin + 1)
    assert await board.badge("tolvan-ios") == tolvan
    await board.turn(PROXIES)
    await board.badge_becomes("tolvan-ios", tolvan + 1)
    await expect(board.notices("tolvan-ios").first.locator(".notice-text")).to_have_text(CHILD)
    await expect(event.locator(".chip.pushed")).to_be_visible()


@pytest.mark.holds("R45", "I1", "I3", "I12")
async def test_a_database_that_starts_again_loses_nothing(board: Board) -> None:
    records, badge = await board.records(), await board.badge("karin-android")
    await board.turn("restart_postgres")
    await board.publish("Karin", RESULT)
    await expect(board.phone("karin-android")).to_have_attribute("data-badge", str(badge + 1), timeout=30_000)
    await board.account_is_exact(records + 1)


@pytest.mark.holds("R45", "R5", "I3", "I12", "A29")
async def test_a_dispatcher_killed_under_load_comes_back_and_shows_nothing_twice(page: "Page", board: Board) -> None:
    records = await board.records()
    await board.load(50)
    await expect(page.locator("#load")).to_have_text("50 händelser/s")
    await board.account_is_exact(records + 100)
    await board.turn("kill_dispatcher")
    await expect(page.locator("#health .part", has_text="notifier")).not_to_contain_class("ready")
    await expect(page.locator("#health .part", has_text="notifier")).to_contain_class("ready", timeout=30_000)
    await board.load(0)
    await board.open()
    await expect(page.locator(".tally .wrong")).to_have_count(0)
    await board.account_is_exact(records + 200)


@pytest.mark.holds("R45")
async def test_a_page_without_its_server_says_so_until_it_is_back(
    page: "Page", board: Board, faults: list[str]
) -> None:
    await page.route("**/sandbox/live*", lambda route: route.abort())
    await board.open()
    await expect(page.locator("#lost")).to_have_text("Förbindelsen bröts. Försöker igen …")
    await page.unroute_all()
    await expect(page.locator("#lost")).to_have_text("")
    badge = await board.badge("karin-android")
    await board.publish("Karin", RESULT)
    await board.badge_becomes("karin-android", badge + 1)
    assert all("/sandbox/live" in fault for fault in faults)
    faults.clear()
