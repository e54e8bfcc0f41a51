"""The internal listener: alive, ready and why not, metrics (B42, R42)."""

import socket
from collections.abc import Mapping

import aiohttp
import pytest

from notifier.domain.faults import Misconfigured
from notifier.http import Part, serve_internal

HOST = "127.0.0.1"


def metrics() -> tuple[str, bytes]:
    return "text/plain; version=1.0.0; charset=utf-8", b"notifier_halts 0.0\n"


async def ask(port: int, path: str) -> tuple[int, str, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://{HOST}:{port}{path}") as answer:
        return answer.status, answer.headers["Content-Type"], await answer.text()


async def ask_ready(parts: Mapping[str, Part]) -> tuple[int, object]:
    async with (
        serve_internal(HOST, 0, parts=parts, metrics=metrics, notes=lambda: {"halts": ["push"]}) as port,
        aiohttp.ClientSession() as session,
        session.get(f"http://{HOST}:{port}/readyz") as answer,
    ):
        return answer.status, await answer.json()


def fail() -> str | None:
    raise ConnectionError("postgresql://notifier:swordfish@db")


@pytest.mark.holds("B42", "R42")
async def test_a_process_is_ready_when_all_its_parts_are() -> None:
    status, body = await ask_ready({"kafka": lambda: None, "postgres": lambda: None})

    assert status == 200
    assert body == {"ready": True, "parts": {"kafka": {"ready": True}, "postgres": {"ready": True}}, "halts": ["push"]}


@pytest.mark.holds("B42", "R42", "I10")
async def test_a_part_that_is_not_ready_or_cannot_be_asked_is_named_with_the_reason() -> None:
    why = "1 day has partitions, 2 are needed"
    status, body = await ask_ready({"kafka": lambda: None, "partitions": lambda: why, "postgres": fail})

    assert status == 503
    assert body == {
        "ready": False,
        "parts": {
            "kafka": {"ready": True},
            "partitions": {"ready": False, "why": why},
            "postgres": {"ready": False, "why": "cannot be asked: ConnectionError"},
        },
        "halts": ["push"],
    }


@pytest.mark.holds("B42")
async def test_alive_depends_on_no_part() -> None:
    async with serve_internal(HOST, 0, parts={"postgres": fail}, metrics=metrics) as port:
        assert (await ask(port, "/livez"))[0] == 200


@pytest.mark.holds("R42", "B42")
async def test_metrics_are_given_as_they_are_and_nothing_else_is_there() -> None:
    async with serve_internal(HOST, 0, parts={}, metrics=metrics) as port:
        content_type, body = metrics()
        assert await ask(port, "/metrics") == (200, content_type, body.decode())
        assert (await ask(port, "/sandbox"))[0] == 404
        assert (await ask(port, "/v1/devices"))[0] == 404


@pytest.mark.holds("R43")
async def test_a_taken_port_is_said_in_a_sentence_and_a_used_one_is_free_afterwards() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Misconfigured, match=f"Port {port} of {HOST} is taken: stop what listens there"):
            async with serve_internal(HOST, port, parts={}, metrics=metrics):
                raise AssertionError

    async with serve_internal(HOST, port, parts={}, metrics=metrics) as first:
        assert first == port
    async with serve_internal(HOST, port, parts={}, metrics=metrics) as again:
        assert again == port


@pytest.mark.holds("R43")
async def test_an_address_of_another_machine_is_said_in_a_sentence() -> None:
    with pytest.raises(Misconfigured, match=r"192\.0\.2\.1 is no address of this machine"):
        async with serve_internal("192.0.2.1", 0, parts={}, metrics=metrics):
            raise AssertionError
