"""Each made-up person tries a rule; who gets a notice, who does not, and why is what the rules say."""

import json
from typing import TYPE_CHECKING

import pytest

from tests.browser.board import CHILD, MESSAGE, RESULT, Board
from tests.browser.expecting import expect
from tests.browser.stage import run_sandbox

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.stage import Sandbox

TYPES = {
    "must-deliver": ("booking.changed", "booking.cancelled", "booking.summons", "video.meeting.starting"),
    "normal": (
        "inbox.message.received",
        "booking.created",
        "booking.reminder",
        "results.available",
        "forms.assigned",
        "contact.case.updated",
        "sampling.kit.sent",
    ),
    "low": ("journal.note.signed", "referral.updated", "prescription.updated", "treatment.step.available"),
}
"""ANSWERS, the table of types: video rings at any hour, low never."""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.mark.holds("R45", "R1", "R12", "R14")
async def test_every_type_has_a_button_of_its_class_and_reaches_the_phones(page: "Page", sandbox: "Sandbox") -> None:
    board = await Board(page, sandbox.url).open()
    before, events = await board.badge("tolvan-ios"), []
    for importance, types in TYPES.items():
        buttons = page.locator(f'[aria-labelledby="kinds-{importance}"] button')
        offered = await buttons.evaluate_all("all => all.map((each) => each.dataset.type)")
        assert sorted(offered) == sorted(f"se.1177.{name}.v1" for name in types)
        for name in types:
            events.append(await board.publish("Tolvan", name))
            if importance == "low" or name.startswith("video"):
                await board.badge_becomes("tolvan-ios", before + len(events))
                sound = "Utan ljud" if importance == "low" else "Med ljud"
                await expect(board.notices("tolvan-ios").first.locator(".notice-when .hidden")).to_have_text(sound)
    for event in events:
        await expect(event.locator(".chip.pushed")).to_be_visible()
    for slug in ("tolvan-ios", "tolvan-android"):
        await board.badge_becomes(slug, before + len(events))


@pytest.mark.holds("R45", "R7", "B3", "B8", "A13", "A14", "A24")
async def test_a_childs_event_reaches_the_guardian_and_never_one_who_is_blocked(
    page: "Page", sandbox: "Sandbox"
) -> None:
    board = await Board(page, sandbox.url).open()
    bertil = await board.badge("bertil-ios"), await board.keys("bertil-ios")
    before = await board.badge("tolvan-ios")
    event = await board.publish("Elsa", RESULT)
    for slug in ("tolvan-ios", "tolvan-android"):
        await board.badge_becomes(slug, before + 1)
        await expect(board.notices(slug).first.locator(".notice-text")).to_have_text(CHILD)
    why = await board.ask_why(event)
    await expect(why.locator(".step.no", has_text="Bertil")).to_contain_text("spärra")
    assert (await board.badge("bertil-ios"), await board.keys("bertil-ios")) == bertil


@pytest.mark.holds("R45", "R7", "R8", "B3", "B11", "B12", "A12", "A24", "A34")
async def test_on_the_13th_birthday_a_child_is_told_and_the_guardian_no_longer(page: "Page") -> None:
    async with run_sandbox() as own:
        board = await Board(page, own.url).open()
        age = page.locator("#person-nils .age")
        await expect(age).to_have_text("12 år")
        # The welcome: one for Tolvan, one for each of his children.
        await board.badge_becomes("tolvan-ios", 3)
        await board.publish("Nils", RESULT)
        await board.badge_becomes("tolvan-ios", 4)
        await expect(board.notices("tolvan-ios").first.locator(".notice-text")).to_have_text(CHILD)
        assert (await board.badge("nils-ios"), await board.keys("nils-ios")) == (0, [])
        await board.forward("midnight")
        await expect(age).to_have_text("13 år")
        for slug in ("tolvan-ios", "tolvan-android"):
            await expect(board.phone(slug)).to_have_attribute("data-badge", "2", timeout=60_000)
            await expect(board.notices(slug).filter(has_text=CHILD)).to_have_count(1, timeout=60_000)
        tolvan = await board.keys("tolvan-ios")
        event = await board.publish("Nils", RESULT)
        await expect(board.notices("nils-ios")).to_have_count(1)
        why = await board.ask_why(event)
        await expect(why.locator(".step.no", has_text="Tolvan")).to_contain_text("för gammalt")
        assert (await board.badge("tolvan-ios"), await board.keys("tolvan-ios")) == (2, tolvan)
        await board.account_is_exact()
        # Left before the sandbox ends, the page has nothing to complain of.
        await page.goto("about:blank")


@pytest.mark.holds("R45", "R9", "A11")
async def test_who_wants_no_push_of_messages_gets_all_but_those(page: "Page", sandbox: "Sandbox") -> None:
    board = await Board(page, sandbox.url).open()
    before = await board.badge("marta-ios"), await board.keys("marta-ios")
    why = await board.ask_why(await board.publish("Märta", MESSAGE))
    await expect(why.locator(".step.no .because").first).to_contain_text("valt bort")
    assert (await board.badge("marta-ios"), await board.keys("marta-ios")) == before
    await board.publish("Märta", RESULT)
    await board.badge_becomes("marta-ios", before[0] + 1)


@pytest.mark.holds("R45", "R10", "B3", "B4", "B6", "B7", "A7", "A25", "A27")
async def test_the_publisher_learns_of_whom_nobody_told_and_nothing_that_betrays_them(
    page: "Page", sandbox: "Sandbox"
) -> None:
    board = await Board(page, sandbox.url).open()
    sven = await board.publish("Sven", RESULT)
    said = {"Agda": "ingen telefon", "Gun": "regionen är inte med", "N. N.": "okänd person"}
    events = {name: await board.publish(name, RESULT) for name in said}
    for name, reason in said.items():
        end = events[name].locator(".chip.unreachable")
        await expect(end).to_contain_text("Ingen kunde nås", timeout=30_000)
        await expect(end).to_contain_text(reason)
    await expect(events["N. N."].locator(".chip.held")).to_be_visible()
    why = await board.ask_why(sven)
    await expect(why.locator(".steps .because").first).to_contain_text("skydd")
    told = [json.loads(line) for line in await why.locator("> pre.raw").all_text_contents()]
    # What would betray him is kept for a minute, and then said as it is of many (A27).
    assert told
    assert {status["reason"] for status in told} <= {None, "not_available"}
