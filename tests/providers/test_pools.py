"""Doubtful tokens apart from the others, several topics apart from each other, and a proxy only where it is wanted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from notifier.domain.pushes import Accepted, Again
from tests.providers.frames import Act, Frames
from tests.providers.lanes import apns_lane, fresh_parcel, route
from tests.simulators.child import running


@pytest.mark.holds("R12", "R17")
async def test_a_token_in_doubt_breaks_no_connection_but_its_own(frames: Frames, keys: Path) -> None:
    async with apns_lane(route(frames.url, most_connections=1), keys) as lane, asyncio.TaskGroup() as workers:
        await lane.send(fresh_parcel())
        frames.act = Act.ABORT
        broken = await lane.send(fresh_parcel(number=2, doubtful=True))
        frames.act = Act.HOLD
        before = len(frames.requests)
        sent = [workers.create_task(lane.send(fresh_parcel(number=number))) for number in range(3, 23)]
        await asyncio.sleep(0.1)
        arrived = len(frames.requests) - before
        frames.released.set()

    assert isinstance(broken, Again)
    assert arrived == 20
    assert [task.result() for task in sent] == [Accepted()] * 20
    assert frames.connections == 2


@pytest.mark.holds("R12")
async def test_a_proxy_is_used_where_the_settings_name_one_and_nowhere_else(
    keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    async with (
        running("apns", "--apns-key", str(keys / "apns.p8"), "--tls-folder", str(tmp_path)) as child,
        proxying() as (proxy, asked),
    ):
        way = route(child.apns, ca_file=tmp_path / "ca.pem", most_connections=1)
        async with apns_lane(way, keys) as lane:
            assert await lane.send(fresh_parcel()) == Accepted()
        assert asked == []
        way = route(child.apns, ca_file=tmp_path / "ca.pem", most_connections=1, proxy=proxy)
        async with apns_lane(way, keys) as lane:
            assert await lane.send(fresh_parcel()) == Accepted()
    assert asked == [f"CONNECT {child.apns.removeprefix('https://')} HTTP/1.1"]


@asynccontextmanager
async def proxying() -> AsyncIterator[tuple[str, list[str]]]:
    """Connect whoever asks, and remember what was asked."""
    asked = list[str]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        asked.append(head[0])
        host, _, port = head[0].split()[1].rpartition(":")
        there, away = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        await asyncio.gather(pump(reader, away), pump(there, writer))

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while read := await source.read(65_536):
                sink.write(read)
                await sink.drain()
        except ConnectionError:
            pass
        finally:
            sink.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
