"""What operators and their machines ask: alive, ready, metrics (B42). No answer holds anything of a person."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import orjson
from aiohttp import web

from notifier.http.listening import listen

Part = Callable[[], str | None]
"""Says in a sentence why a part is not ready; None if it is."""
Metrics = Callable[[], tuple[str, bytes]]
"""Gives the metrics with their content type."""


@asynccontextmanager
async def serve_internal(
    host: str,
    port: int,
    *,
    parts: Mapping[str, Part],
    metrics: Metrics,
    notes: Callable[[], Mapping[str, object]] = dict,
) -> AsyncIterator[int]:
    """Serve `/livez`, `/readyz` and `/metrics` for the block and give the port; Misconfigured if it is taken.

    `parts` may grow while serving; `notes` is shown beside them, e.g. the halts in force (B28).
    """
    application = web.Application()
    application.router.add_get("/livez", _live)
    application.router.add_get("/readyz", _Readiness(parts, notes).answer)
    application.router.add_get("/metrics", _Exposition(metrics).answer)
    async with listen(application, host, port) as bound:
        yield bound


async def _live(_request: web.Request) -> web.Response:
    """Answer at all: that depends on no other part."""
    return web.Response(text="alive\n")


class _Readiness:
    def __init__(self, parts: Mapping[str, Part], notes: Callable[[], Mapping[str, object]]) -> None:
        self._parts = parts
        self._notes = notes

    async def answer(self, _request: web.Request) -> web.Response:
        """Say of each part whether it is ready, and why not; 503 unless all are."""
        said = {name: _ask(part) for name, part in self._parts.items()}
        ready = all(why is None for why in said.values())
        parts = {name: {"ready": why is None} | ({} if why is None else {"why": why}) for name, why in said.items()}
        body = {"ready": ready, "parts": parts, **self._notes()}
        return web.Response(status=200 if ready else 503, body=orjson.dumps(body), content_type="application/json")


class _Exposition:
    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    async def answer(self, _request: web.Request) -> web.Response:
        """Give all metrics."""
        content_type, body = self._metrics()
        return web.Response(body=body, headers={"Content-Type": content_type})


def _ask(part: Part) -> str | None:
    """Ask one part; what cannot even answer is not ready, and its fault's text is not shown (I10)."""
    try:
        return part()
    except Exception as fault:  # noqa: BLE001 - whatever it is, the answer is no
        return f"cannot be asked: {type(fault).__name__}"
