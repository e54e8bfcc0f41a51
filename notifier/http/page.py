"""The page of the sandbox on the public listener, live by server-sent events (R45, B42)."""

from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing
from pathlib import Path
from typing import Any, Protocol

import orjson
from aiohttp import web

from notifier.domain.faults import Unavailable
from notifier.http.guarding import dress, guard
from notifier.http.listening import listen

_LANGUAGES = ("sv", "en")
_MOST_BYTES = 1 << 20
_MOST_LOOKING = 50
_HTML = "text/html"


class Site(Protocol):
    """What the page shows and does."""

    @property
    def static(self) -> Path:
        """Give the folder of styles and modules."""

    async def page(self, language: str) -> str:
        """Render the page."""

    async def app(self, phone: str, key: str, language: str) -> str | None:
        """Open a notification in the app; None where it is not there any more. Raises Unavailable."""

    async def why(self, source: str, id: str, language: str) -> str | None:
        """Say everything that is known of an event; None where it is not there any more. Raises Unavailable."""

    async def order(self, name: str, body: bytes) -> tuple[bool, Mapping[str, Any]]:
        """Follow an order, and say whether it was followed."""

    def live(self, language: str) -> AsyncGenerator[tuple[str, Mapping[str, str]], None]:
        """Give what changes for as long as somebody looks; something every few seconds, so that who left is noticed."""


def serve_page(host: str, port: int, site: Site) -> AbstractAsyncContextManager[int]:
    """Serve the page for the block and give the port; Misconfigured if it is taken."""
    application = web.Application(middlewares=[guard(host)], client_max_size=_MOST_BYTES)
    application.on_response_prepare.append(dress)
    pages = _Pages(site)
    application.router.add_get("/", _lead)
    application.router.add_get("/sandbox", pages.page)
    application.router.add_get("/sandbox/app", pages.app)
    application.router.add_get("/sandbox/why", pages.why)
    application.router.add_get("/sandbox/live", pages.live)
    application.router.add_static("/sandbox/static", site.static)
    application.router.add_post("/sandbox/{order}", pages.order)
    return listen(application, host, port, name="HTTP__PORT")


async def _lead(_request: web.Request) -> web.Response:
    raise web.HTTPFound("/sandbox")


class _Pages:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._looking = 0

    async def page(self, request: web.Request) -> web.Response:
        return web.Response(text=await self._site.page(_language(request)), content_type=_HTML)

    async def app(self, request: web.Request) -> web.Response:
        phone, key = request.query.get("phone", ""), request.query.get("key", "")
        return await _show(self._site.app(phone, key, _language(request)))

    async def why(self, request: web.Request) -> web.Response:
        asked = request.query
        return await _show(self._site.why(asked.get("source", ""), asked.get("id", ""), _language(request)))

    async def order(self, request: web.Request) -> web.Response:
        followed, answer = await self._site.order(request.match_info["order"], await request.read())
        return web.Response(status=200 if followed else 422, body=orjson.dumps(answer), content_type="application/json")

    async def live(self, request: web.Request) -> web.StreamResponse:
        """Send what changes until the browser goes; beyond the bound of lookers a browser tries again later."""
        if self._looking >= _MOST_LOOKING:
            raise web.HTTPServiceUnavailable(text="Too many look at this page.\n")
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        self._looking += 1
        try:
            await response.prepare(request)
            async with aclosing(self._site.live(_language(request))) as news:
                async for kind, said in news:
                    await response.write(b"event: %b\ndata: %b\n\n" % (kind.encode(), orjson.dumps(said)))
        except ConnectionResetError:
            pass
        finally:
            self._looking -= 1
        return response


async def _show(rendering: Awaitable[str | None]) -> web.Response:
    try:
        html = await rendering
    except Unavailable as away:
        raise web.HTTPServiceUnavailable(text=f"{away}\n") from None
    if html is None:
        raise web.HTTPNotFound(text="It is not there any more. Det finns inte längre.\n")
    return web.Response(text=html, content_type=_HTML)


def _language(request: web.Request) -> str:
    """Give the language that was asked for; else what the browser prefers of those there are, Swedish first."""
    asked = request.query.get("lang", "")
    if asked in _LANGUAGES:
        return asked
    preferred = request.headers.get("Accept-Language", "")[:2].lower()
    return preferred if preferred in _LANGUAGES else _LANGUAGES[0]
