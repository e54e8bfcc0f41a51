"""The sandbox's page as somebody uses it: choose a person, press, look at the phones."""

import json
import re
from typing import TYPE_CHECKING, Any

from tests.browser.expecting import expect, still, until
from tests.browser.watching import watch

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

OWN, CHILD = "Hej! Du har ny information i 1177.", "Ett barn du är ombud för har ny information"
MESSAGE, RESULT, BOOKING = "inbox.message.received", "results.available", "booking.changed"
WELCOMES, WAITING = 17, re.compile("^(Väntar|Waiting)$")
"""A message for each of the sixteen, and one for nobody (README)."""


class Board:
    """One page of the sandbox, open in one browser."""

    def __init__(self, page: "Page", url: str) -> None:
        self.page = page
        self._url = url

    async def open(self, language: str = "sv", *, motion: bool = False) -> "Board":
        """Open it, and return when it is at rest; without motion no press waits for what still moves."""
        await self.page.emulate_media(reduced_motion="no-preference" if motion else "reduce")
        await self.page.goto(f"{self._url}?lang={language}")
        await expect(self.page.locator("#validity")).to_have_class(re.compile("fine"))
        await until(self._welcomed, True, 30)
        return self

    async def _welcomed(self) -> bool:
        """Say whether everybody's first message has gone where it goes."""
        return await self.records() >= WELCOMES and await self.page.get_by_role("rowheader", name=WAITING).count() == 0

    def phone(self, slug: str) -> "Locator":
        """Find somebody's phone, such as tolvan-ios."""
        return self.page.locator(f"#phone-{slug}")

    def notices(self, slug: str) -> "Locator":
        """Find what the phone shows, the newest first."""
        return self.phone(slug).locator("li.notice")

    async def keys(self, slug: str) -> list[str]:
        """Give by what the notices of a phone are known, the newest first."""
        keys: list[str] = await self.notices(slug).evaluate_all("all => all.map((each) => each.dataset.key)")
        return keys

    async def badge(self, slug: str) -> int:
        """Give the number on the app."""
        return int(await self.phone(slug).get_attribute("data-badge") or "")

    async def badge_becomes(self, slug: str, wanted: int) -> None:
        """Return when the number is this."""
        await expect(self.phone(slug)).to_have_attribute("data-badge", str(wanted))

    async def choose(self, name: str) -> str:
        """Choose about whom, and give their number."""
        option = self.page.locator("#choice option").filter(has_text=re.compile(rf"^{re.escape(name)}:"))
        number = await option.get_attribute("value") or ""
        await self.page.locator("#choice").select_option(number)
        return number

    async def publish(self, name: str, type: str = MESSAGE) -> "Locator":
        """Choose somebody, press a type's button, and give the event in the list."""
        await self.choose(name)
        return await self.press(self.page.locator(f'[data-type="se.1177.{type}.v1"]'))

    async def press(self, button: "Locator") -> "Locator":
        """Press a button that publishes one event, and give the event in the list."""
        async with self.page.expect_response("**/sandbox/publish") as answer:
            await button.click()
        sent: Any = (await answer.value).request.post_data_json
        return self.event(json.loads(sent["event"])["data"]["matter"])

    def event(self, matter: str) -> "Locator":
        """Find the newest event about a matter, and not its marks."""
        return self.page.locator("#events > li:not(.read, .acted, .withdrawn)", has_text=matter).first

    async def ask_why(self, event: "Locator") -> "Locator":
        """Open the explanation of an event."""
        await event.locator("details.why > summary").click()
        await expect(event.locator(".why-found")).to_be_visible()
        return event.locator(".why-found")

    async def open_app(self, slug: str, faults: list[str]) -> "Page":
        """Follow the newest notice of a phone into the app, in the tab that it opens."""
        async with self.page.context.expect_page() as opened:
            await self.notices(slug).first.locator("a").click()
        tab = await opened.value
        await watch(tab, faults)
        await tab.locator("main.app-page").wait_for()
        return tab

    async def handle(self, slug: str, act: str) -> None:
        """Do something with a phone by its menu: offline, online, revoke, restore or replace."""
        await self.phone(slug).locator("details.menu > summary").click()
        await self.order(self.button("phone", act, self.phone(slug)), "phone")

    async def turn(self, name: str) -> None:
        """Press one of the switches that break something, such as apns_down, and return when it is done."""
        await self.order(self.button("switch", name), "switch")

    async def forward(self, by: str) -> None:
        """Move the clock, by PT1H or to midnight, and return when it has moved."""
        await self.order(self.button("clock", by), "clock")

    def button(self, order: str, value: str, within: "Locator | None" = None) -> "Locator":
        """Find the button that gives an order with a value, whatever it is called."""
        return (within or self.page.locator("body")).locator(
            f"""button[data-post="/sandbox/{order}"][data-body*='"{value}"']"""
        )

    async def mend(self) -> None:
        """Turn off whatever is on and stop the load, and wait until what was held up meanwhile is on its phone."""
        broken = False
        for name in ("apns_down", "fcm_slow", "proxies_stale"):
            if await self.button("switch", name).and_(self.page.locator('[aria-pressed="true"]')).count():
                await self.turn(name)
                broken = True
        await self.page.request.post(f"{self._url}/load", data={"events_per_second": 0})
        if broken:
            # What is under way to a slow Google takes five seconds.
            await still(self._badges, seconds=6)

    async def _badges(self) -> list[str]:
        return await self.page.locator(".phone").evaluate_all("all => all.map((each) => each.dataset.badge)")

    async def order(self, button: "Locator", name: str) -> None:
        """Press a button and return when the server has followed it."""
        async with self.page.expect_response(f"**/sandbox/{name}", timeout=40_000) as answer:
            await button.click()
        assert (await answer.value).ok

    async def load(self, events_per_second: int) -> None:
        """Set the slider, and return when the server follows it."""
        slider = self.page.locator("#load-slider")
        async with self.page.expect_response("**/sandbox/load") as answer:
            await slider.fill(str(events_per_second))
        assert (await answer.value).ok

    async def records(self) -> int:
        """Give how many records the account says were read."""
        text = await self.page.locator("#account tfoot td").first.inner_text()
        return int(re.sub(r"\D", "", text))

    async def account_is_exact(self, records: int = 0, seconds: float = 30) -> None:
        """Return when the account has seen so many records, and none is missing."""

        async def looks() -> tuple[bool, bool]:
            kind = await self.page.locator("#account").get_attribute("class") or ""
            return "exact" in kind, await self.records() >= records

        await until(looks, (True, True), seconds)
