"""What every answer of a page carries, and which requests are none of ours: a page of this machine only."""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Protocol

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_OPEN = ("/", "/sandbox")
"""What a link on another site may lead to."""
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Middleware(Protocol):
    """What stands between a request and its handler."""

    def __call__(self, request: web.Request, handler: Handler) -> Awaitable[web.StreamResponse]:
        """Answer, or let the handler answer."""


def guard(own_host: str) -> Middleware:
    """Make the middleware for a listener of that name."""

    @web.middleware
    async def protect(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse what another site asks through somebody's browser: its host shows it (rebinding), or its origin."""
        if not _is_ours(request.host, own_host):
            raise web.HTTPMisdirectedRequest(text="This page is served under the address of this machine only.\n")
        if request.path not in _OPEN and not _comes_from_us(request):
            raise web.HTTPForbidden(text="This is for the page itself only.\n")
        return await handler(request)

    return protect


async def dress(_request: web.Request, response: web.StreamResponse) -> None:
    """Give an answer its headers."""
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")


def _is_ours(host: str, own_host: str) -> bool:
    name = (host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host).lower().rstrip(".")
    return name in ("localhost", own_host) or _is_address(name.strip("[]"))


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _comes_from_us(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        return False
    return request.method != "POST" or request.content_type == "application/json"
