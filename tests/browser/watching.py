"""Everything that goes wrong in a page while a test looks elsewhere."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import ConsoleMessage, Page, Request

SAY_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`content security policy: ${event.effectiveDirective} forbids ${event.blockedURI || "this"}`));
"""
GIVEN_UP = "net::ERR_ABORTED"
"""The page itself ended the request, or was left while a stream was open."""


async def watch(page: "Page", faults: list[str]) -> None:
    """Note in `faults` each error of the console and of scripts, each failed request and forbidden content."""
    page.on("console", lambda message: _note_message(message, faults))
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("requestfailed", lambda request: _note_request(request, faults))
    await page.add_init_script(SAY_VIOLATIONS)


def _note_message(message: "ConsoleMessage", faults: list[str]) -> None:
    if message.type == "error":
        faults.append(f"console: {message.text} ({message.location['url']})")


def _note_request(request: "Request", faults: list[str]) -> None:
    if request.failure != GIVEN_UP:
        faults.append(f"request: {request.method} {request.url}: {request.failure}")
