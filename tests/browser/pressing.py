"""Everything on a page that can be pressed, by name, and what of it was pressed."""

import re
from typing import TYPE_CHECKING

from tests.browser.expecting import expect

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

NAME = """(each) => each.getAttribute("aria-label") ?? each.labels?.[0]?.textContent ?? each.textContent"""
NAMES = f"all => all.map({NAME})"
PRESSABLE = "button, summary, a[href], select, textarea, input"
KINDS = {
    r"^1177.*": "a notice",
    r"^Avfärda aviseringen .*": "Avfärda aviseringen",
    r"^Gör något med .*": "Gör något med telefonen",
    r".* byte$": "the exact bytes",
    r" \(öppnas .*": "",
}
"""Names that say which phone and when, shortened to what they are."""


class Pressing:
    """Keeps what was seen and what was pressed on pages; buttons of types are left to a test of their own."""

    def __init__(self, page: "Page") -> None:
        self._page = page
        self.types = set[str]()
        self.seen = set[str]()
        self.pressed = set[str]()

    async def look(self, page: "Page | None" = None) -> None:
        """Note what can be pressed now."""
        types = await self._page.locator("[data-type]").all_text_contents()
        self.types.update(_shorten(name) for name in types)
        self.seen.update(_shorten(name) for name in await (page or self._page).locator(PRESSABLE).evaluate_all(NAMES))

    async def press(self, button: "Locator", *, told: bool = False) -> None:
        """Press one; where it is `told` what came of it, return when the status line of its page tells of no fault."""
        self.note(await button.first.evaluate(NAME))
        await self.look()
        line = button.page.locator("#said")
        await line.evaluate("(each) => each.replaceChildren()")
        await button.first.click()
        if told:
            await expect(line).to_have_text(re.compile(r"\w"), timeout=40_000)
            await expect(line).not_to_contain_class("failed")
        await self.look()

    def note(self, name: str) -> None:
        """Note that something was pressed, or filled in."""
        self.pressed.add(_shorten(name))

    def forgotten(self) -> set[str]:
        """Give the names of what was never pressed."""
        return self.seen - self.types - self.pressed


def _shorten(name: str) -> str:
    name = " ".join(name.split())
    for pattern, kind in KINDS.items():
        name = re.sub(pattern, kind, name)
    return name
