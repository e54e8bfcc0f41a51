"""The listeners; the only room that knows aiohttp's server."""

from notifier.http.internal import Part, serve_internal
from notifier.http.page import Site, serve_page

__all__ = ["Part", "Site", "serve_internal", "serve_page"]
