"""The listeners; the only room that knows aiohttp's server."""

from notifier.http.internal import Part, serve_internal

__all__ = ["Part", "serve_internal"]
