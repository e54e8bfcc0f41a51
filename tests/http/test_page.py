"""The page's listener: what every answer carries, whose orders are taken, and what changes while somebody looks."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from notifier.domain.faults import Misconfigured, Unavailable
from notifier.http import serve_page

HOST = "127.0.0.1"


class Board:
    """A site that remembers its orders."""

    def __init__(self, static: Path) -> None:
        self.static = static
        self.orders: list[tuple[str, bytes]] = []
        self.looking = 0

    async def page(self, language: str) -> str:
        return f"<html lang={language}>"

    async def app(self, phone: str, key: str, language: str) -> str | None:
        return f"{phone} {key} {language}" if key == "k" else None

    async def why(self, source: str, id: str, language: str) -> str | None:
        raise Unavailable("PostgreSQL: ConnectionRefusedError")

    async def order(self, name: str, body: bytes) -> tuple[bool, Mapping[str, Any]]:
        self.orders.append((name, body))
        return name == "clock", {"said": {"sv": "å", "en": "a"}}

    async def live(self, language: str) -> AsyncGenerator[tuple[str, Mapping[str, str]], None]:
        self.looking += 1
        try:
            yield "hello", {"run": "r1"}
            yield "fragment", {"id": "x", "html": "<p id=x>å\n</p>"}
            while True:
                await asyncio.sleep(0.05)
                yield "still", {}
        finally:
            self.looking -= 1


@pytest.fixture
async def board(tmp_path: Path) -> Board:
    (tmp_path / "a.css").write_text("p { color: red }")
    return Board(tmp_path)


@pytest.fixture
async def client(board: Board) -> AsyncIterator[aiohttp.ClientSession]:
    async with serve_page(HOST, 0, board) as port, aiohttp.ClientSession(f"http://{HOST}:{port}") as session:
        yield session


@pytest.mark.holds("R45")
@pytest.mark.parametrize(
    ("path", "header", "language"),
    [("/sandbox", "", "sv"), ("/sandbox", "en-GB,en", "en"), ("/sandbox", "fi", "sv"), ("/sandbox?lang=en", "sv", "en"),
     ("/sandbox?lang=xx", "en", "en")],
)  # fmt: skip
async def test_the_page_speaks_the_language_asked_for_else_the_browsers_else_swedish(
    client: aiohttp.ClientSession, path: str, header: str, language: str
) -> None:
    async with client.get(path, headers={"Accept-Language": header}) as answer:
        assert (answer.status, await answer.text()) == (200, f"<html lang={language}>")


@pytest.mark.holds("R45", "B42")
@pytest.mark.parametrize(
    "path", ["/sandbox", "/sandbox/static/a.css", "/sandbox/app?phone=p&key=k", "/sandbox/nothing"]
)
async def test_no_answer_lets_anything_foreign_in(client: aiohttp.ClientSession, path: str) -> None:
    async with client.get(path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.holds("R45", "B42")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/json"}, 200),
        ({"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Content-Type": "text/plain"}, 403),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 403),
        ({"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "application/json", "Origin": "https://example.com"}, 403),
        ({"Content-Type": "application/json", "Host": "evil.example.com"}, 421),
        ({"Content-Type": "application/json", "Host": "localhost:8177"}, 200),
        ({"Content-Type": "application/json", "Host": "[::1]:8177"}, 200),
    ],
)
async def test_orders_are_taken_from_the_page_itself_only(
    client: aiohttp.ClientSession, board: Board, headers: dict[str, str], status: int
) -> None:
    async with client.post("/sandbox/clock", data=b"{}", headers=headers) as answer:
        assert answer.status == status
    assert board.orders == ([("clock", b"{}")] if status == 200 else [])


@pytest.mark.holds("R45", "R44")
async def test_an_order_that_cannot_be_followed_is_answered_in_both_languages(client: aiohttp.ClientSession) -> None:
    async with client.post("/sandbox/other", json={}) as answer:
        assert (answer.status, await answer.json()) == (422, {"said": {"sv": "å", "en": "a"}})


@pytest.mark.holds("R45")
@pytest.mark.parametrize(
    ("path", "status"),
    [("/sandbox/app?phone=p&key=k", 200), ("/sandbox/app?phone=p&key=gone", 404), ("/sandbox/why?source=s&id=i", 503),
     ("/sandbox/static/../../secret", 404), ("/sandbox/static/none.js", 404)],
)  # fmt: skip
async def test_what_is_not_there_and_what_is_away_are_told_apart(
    client: aiohttp.ClientSession, path: str, status: int
) -> None:
    async with client.get(path) as answer:
        assert answer.status == status


@pytest.mark.holds("R45")
async def test_changes_are_sent_as_events_and_whoever_leaves_is_forgotten(
    client: aiohttp.ClientSession, board: Board
) -> None:
    async with client.get("/sandbox/live") as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        lines = [(await answer.content.readline()).decode() for _ in range(6)]
        assert board.looking == 1
    assert lines[:3] == ["event: hello\n", 'data: {"run":"r1"}\n', "\n"]
    assert lines[3] == "event: fragment\n"
    assert orjson.loads(lines[4].removeprefix("data: ")) == {"id": "x", "html": "<p id=x>å\n</p>"}
    async with asyncio.timeout(5):
        while board.looking:
            await asyncio.sleep(0.01)


@pytest.mark.holds("R45")
async def test_the_root_leads_to_the_page(client: aiohttp.ClientSession) -> None:
    async with client.get("/", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "/sandbox")


@pytest.mark.holds("R45", "R43")
async def test_a_port_that_is_taken_is_named_with_its_setting(board: Board) -> None:
    async with serve_page(HOST, 0, board) as port:
        with pytest.raises(Misconfigured, match=r"HTTP__PORT"):
            async with serve_page(HOST, port, board):
                pass
