"""What whoever opens `/sandbox` sees and can do within a minute."""

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.board import OWN, RESULT, Board
from tests.browser.expecting import expect

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

    from tests.browser.stage import Sandbox


@pytest.mark.holds("R45", "R12", "R14")
async def test_a_first_push_is_on_a_phone_before_anybody_has_done_anything(page: "Page", sandbox: "Sandbox") -> None:
    board = await Board(page, sandbox.url).open()
    await expect(board.notices("karin-android")).not_to_have_count(0)
    assert await board.badge("karin-android") >= 1


@pytest.mark.holds("R45", "R2", "R14", "B10", "A22", "A24")
async def test_what_is_published_shows_on_both_phones_until_it_is_read_on_one(
    page: "Page", sandbox: "Sandbox", faults: list[str]
) -> None:
    board = await Board(page, sandbox.url).open()
    phones = {slug: await board.badge(slug) for slug in ("tolvan-ios", "tolvan-android")}
    event = await board.publish("Tolvan")
    for slug, before in phones.items():
        await board.badge_becomes(slug, before + 1)
        await expect(board.notices(slug).first.locator(".notice-text")).to_have_text(OWN)
    await expect(event.locator(".chip.pushed")).to_be_visible()
    (key, *_), *_ = [await board.keys(slug) for slug in phones]
    app = await board.open_app("tolvan-ios", faults)
    await app.get_by_role("button", name="Läst").click()
    for slug, before in phones.items():
        await board.badge_becomes(slug, before)
        await expect(board.phone(slug).locator(f'[data-key="{key}"]')).to_have_count(0)
    await expect(event.locator(".chip.seen")).to_be_visible()


@pytest.mark.holds("R38", "R10", "B3", "B4", "B7")
async def test_whoever_gets_nothing_is_explained_in_words(page: "Page", sandbox: "Sandbox") -> None:
    board = await Board(page, sandbox.url).open()
    cases = {"Sven": ("sven-android", "skyddade personuppgifter"), "Gun": ("gun-ios", "region är inte med")}
    for name, (slug, because) in cases.items():
        event = await board.publish(name, RESULT)
        await expect(event.locator(".chip.accepted")).to_be_visible()
        why = await board.ask_why(event)
        await expect(why.locator(".step.no .because").first).to_contain_text(because)
        await expect(why.locator("details.bytes")).to_have_count(0)
        assert (await board.badge(slug), await board.keys(slug)) == (0, [])


@pytest.mark.holds("R38", "R45", "R16", "I10", "B8", "B9")
async def test_what_apple_and_google_saw_is_shown_to_the_byte_and_says_nothing_about_anybody(
    page: "Page", sandbox: "Sandbox"
) -> None:
    board = await Board(page, sandbox.url).open()
    event = await board.publish("Tolvan", RESULT)
    sent = json.loads(await page.locator("#editor").input_value())
    await expect(event.locator(".chip.pushed")).to_be_visible()
    why = await board.ask_why(event)
    await expect(why.locator("details.bytes")).to_have_count(2)
    for seen in await why.locator("details.bytes pre.raw").all_text_contents():
        assert seen.startswith("POST /")
        said = (
            sent["subject"],
            sent["subject"][2:],
            "Tolvan",
            sent["type"],
            sent["id"],
            *map(str, sent["data"].values()),
        )
        assert [word for word in said if len(word) > 2 and word in seen] == []


@pytest.mark.holds("R45", "R4", "B24")
async def test_what_is_broken_becomes_a_dead_letter_with_a_sentence(page: "Page", sandbox: "Sandbox") -> None:
    board = await Board(page, sandbox.url).open()
    before = await page.locator("#events .letter").count()
    for _ in range(4):
        await board.order(page.locator('[data-publish="broken"]'), "publish")
    await expect(page.locator("#events .letter")).to_have_count(before + 4)
    said = " ".join((await page.locator("#events .letter").all_inner_texts())[:4])
    # Cut short, without subject, of a type that is not there, with an identity number as its matter (RULES B24).
    for sentence in (
        "inte ett JSON-objekt",
        "subject saknas",
        "type finns inte i katalogen",
        "Ett personnummer gömmer sig",
    ):
        assert sentence in said


@pytest.mark.holds("R44", "R45")
async def test_whoever_writes_an_event_is_told_at_once_which_field_is_wrong(page: "Page", sandbox: "Sandbox") -> None:
    board = await Board(page, sandbox.url).open()
    editor, line = page.locator("#editor"), page.locator("#validity")
    event = json.loads(await editor.input_value())
    await editor.fill(json.dumps(event | {"subject": "191212121213"}))
    await expect(line).to_have_class(re.compile("wrong"))
    await expect(line.locator("code")).to_contain_text("subject")
    await expect(editor).to_have_attribute("aria-invalid", "true")
    await editor.fill(json.dumps(event | {"data": {"unit": event["data"]["unit"], "region": "01"}}))
    await expect(line.locator("code")).to_contain_text("data")
    await editor.fill(json.dumps(event))
    await expect(line).to_have_class(re.compile("fine"))
    await board.press(page.locator('[data-publish="once"]'))


@pytest.mark.holds("R45")
async def test_what_is_shown_survives_a_reload_and_is_the_same_in_every_browser(
    page: "Page", browser: "Browser", sandbox: "Sandbox"
) -> None:
    board = await Board(page, sandbox.url).open()
    event = await board.publish("Olle")
    await expect(event.locator(".chip.pushed")).to_be_visible()
    await expect(board.notices("olle-android")).not_to_have_count(0)
    shown = await _read(board)
    await board.open()
    assert await _read(board) == shown
    context = await browser.new_context()
    try:
        assert await _read(await Board(await context.new_page(), sandbox.url).open()) == shown
    finally:
        await context.close()


async def _read(board: Board) -> dict[str, list[str]]:
    """Give what stands on each phone and on the newest events, without the times that the page writes itself."""
    told = "all => all.map((each) => each.textContent.replace(/\\s+/g, ' '))"
    places = (".notices", ".dock", ".tally", "#events > li .event-head", "#events > li .chips")
    return {place: await board.page.locator(place).evaluate_all(told) for place in places}
