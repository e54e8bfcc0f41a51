"""The ground that tests with a browser stand on: a page is opened, looked at, and nothing in it fails unnoticed."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from tests.browser.looking import PICTURES, assert_accessible, shoot

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.holds("R45")

GOOD = """<!doctype html><html lang="sv"><head><title>Prov</title><link rel="icon" href="data:,"></head>
<body><main><h1>Hej</h1><button onclick="">Skicka</button></main></body></html>"""
STREAMING = """<script>
new EventSource("/stream").onmessage = (event) => { document.querySelector("h1").textContent = event.data; };
</script>"""


def _with(text: str) -> str:
    return GOOD.replace("</main>", f"{text}</main>")


PAGES = {
    "good": GOOD,
    "without-words": _with('<img id="picture" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'),
    "streaming": _with(STREAMING),
    "console": _with("<script>console.error('a complaint')</script>"),
    "script": _with("<script>nothing.here()</script>"),
    "missing": _with("<script src='/nowhere.js'></script>"),
    "refused": _with("<script>fetch('http://127.0.0.1:9/').catch(() => 0)</script>"),
    "forbidden": _with("<script src='/good'></script>"),
}
WITHOUT_SCRIPTS = {"Content-Security-Policy": "default-src 'self'; script-src 'none'; img-src data:"}


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """Serve the pages above, and a stream that never ends."""
    app = web.Application()
    app.router.add_get("/stream", _stream)
    app.router.add_get("/{name}", _answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def _answer(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name not in PAGES:
        raise web.HTTPNotFound
    headers = WITHOUT_SCRIPTS if name == "forbidden" else {}
    return web.Response(text=PAGES[name], content_type="text/html", headers=headers)


async def _stream(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    await response.write(b"data: one\n\n")
    await asyncio.sleep(60)
    return response


async def test_a_page_is_shown_and_its_picture_taken(site: str, page: "Page") -> None:
    await page.goto(f"{site}/good")
    await page.get_by_role("button", name="Skicka").click()
    assert await page.title() == "Prov"
    await assert_accessible(page)
    await shoot(page, "ground")
    assert (PICTURES / "ground.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("time", ["first", "second"])
async def test_a_page_shares_nothing_with_the_one_before(site: str, page: "Page", time: str) -> None:
    await page.goto(f"{site}/good")
    assert await page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    await page.evaluate("localStorage.setItem('left', 'behind'); document.cookie = 'left=behind'")


async def test_leaving_a_page_with_an_open_stream_is_no_fault(site: str, page: "Page") -> None:
    await page.goto(f"{site}/streaming")
    await page.get_by_text("one").wait_for()
    await page.goto(f"{site}/streaming")


async def test_an_image_without_words_is_not_accessible(site: str, page: "Page") -> None:
    await page.goto(f"{site}/without-words")
    with pytest.raises(AssertionError, match=r"image-alt \(critical\): .*: #picture"):
        await assert_accessible(page)


@pytest.mark.parametrize(
    ("path", "noticed"),
    [
        ("console", "console: a complaint"),
        ("script", "script: nothing is not defined"),
        ("missing", "console: Failed to load resource"),
        ("refused", "request: GET http://127.0.0.1:9/: net::ERR_"),
        ("forbidden", "console: content security policy: script-src-elem forbids"),
    ],
)
async def test_what_goes_wrong_in_a_page_is_noticed(
    site: str, page: "Page", faults: list[str], path: str, noticed: str
) -> None:
    await page.goto(f"{site}/{path}")
    async with asyncio.timeout(10):
        while not any(fault.startswith(noticed) for fault in faults):
            await asyncio.sleep(0.02)
    # What is said of it in other words too comes with the same answer.
    await page.evaluate("null")
    faults.clear()
