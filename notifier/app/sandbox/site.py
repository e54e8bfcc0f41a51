"""The page as the listener serves it: pages, orders, and what changes while somebody looks."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any, cast

from notifier.app.sandbox.app_side import AppSide
from notifier.app.sandbox.board import Board, Piece
from notifier.app.sandbox.happenings import Happenings
from notifier.app.sandbox.newest import Newest
from notifier.app.sandbox.orders import Orders
from notifier.app.sandbox.overview import view_page
from notifier.app.sandbox.why import Why
from notifier.app.sandbox.world import World
from notifier.sandbox.rendering import STATIC, Fragment, FragmentView, Renderer

_TICK_SECONDS = 0.15
_MOST_RENDERED = 500
_STILL_TICKS = 15
"""After so many without news something is said, so that a connection which is gone is noticed."""


class Site:
    """Everything under `/sandbox`."""

    def __init__(
        self, world: World, board: Board, happenings: Happenings, orders: Orders, why: Why, app_side: AppSide
    ) -> None:
        self._world, self._board, self._happenings = world, board, happenings
        self._orders, self._why, self._app_side = orders, why, app_side
        texts = {text.key: text.words for text in world.house.contract.catalogue.texts.values()}
        self._renderer = Renderer(texts, board.run)
        self._rendered = Newest[tuple[str, str], tuple[int, str]](_MOST_RENDERED)

    @property
    def static(self) -> Path:
        """Give the folder of styles and modules."""
        return STATIC

    async def page(self, language: str) -> str:
        """Render the page."""
        return self._renderer.page(view_page(self._world, self._board, self._happenings), language)

    async def app(self, phone: str, key: str, language: str) -> str | None:
        """Open a notification in the app; None where it is not there any more. Raises Unavailable."""
        view = await self._app_side.open(phone, key)
        return None if view is None else self._renderer.app(view, language)

    async def why(self, source: str, id: str, language: str) -> str | None:
        """Say everything that is known of an event; None where it is not there any more. Raises Unavailable."""
        view = await self._why.explain(source, id)
        return None if view is None else self._renderer.why(view, language)

    async def order(self, name: str, body: bytes) -> tuple[bool, Mapping[str, Any]]:
        """Follow an order."""
        return await self._orders.follow(name, body)

    async def live(self, language: str) -> AsyncGenerator[tuple[str, Mapping[str, str]], None]:
        """Say hello, upon which the page is asked for again, then what changes; changes within a tick come as one."""
        version, still = self._board.version, 0
        yield "hello", {"run": self._board.run}
        while True:
            pieces, version = self._board.changed(version), self._board.version
            for piece in pieces:
                yield "fragment", {"id": piece.id, "html": self._render(piece, language)}
            still = 0 if pieces else still + 1
            if still == _STILL_TICKS:
                still = 0
                yield "still", {}
            await asyncio.sleep(_TICK_SECONDS)

    def _render(self, piece: Piece, language: str) -> str:
        """Render a piece once for everybody who looks."""
        known = self._rendered.get((piece.id, language))
        if known is not None and known[0] == piece.version:
            return known[1]
        html = self._renderer.fragment(cast("Fragment", piece.fragment), cast("FragmentView", piece.view), language)
        self._rendered.put((piece.id, language), (piece.version, html))
        return html
