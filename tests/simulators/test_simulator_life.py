"""The simulators start, speak TLS, print, and end without rest."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from notifier.simulators.credentials import make_credentials
from tests.simulators.child import Child, client, running
from tests.simulators.pushing import TOKEN, Pushing
from tests.simulators.signing import read_ec_key

pytestmark = pytest.mark.holds("R45")


@pytest.mark.holds("R12")
async def test_tls_is_trusted_through_the_ca(tmp_path: Path, made_up: Path) -> None:
    async with running("both", "--tls-folder", str(tmp_path)) as child, client(tmp_path / "ca.pem") as http:
        assert child.apns.startswith("https://127.0.0.1:")
        pushing = Pushing(child, http, read_ec_key(made_up / "apns.p8"), made_up)
        assert (await pushing.apns()).status == 200
        assert (await pushing.fcm({"token": "a"})).status == 200
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("server", [(), ("--frames",)], ids=["fast", "frames"])
async def test_they_end_within_a_second_with_a_request_unanswered(
    made_up: Path, server: tuple[str, ...], number: int
) -> None:
    async with running("apns", "--control-port", "0", *server) as child, client() as http:
        await child.order("PUT", "/providers/apns", {"condition": "hang"})
        pushing = Pushing(child, http, read_ec_key(made_up / "apns.p8"), made_up)
        hanging = asyncio.ensure_future(pushing.apns())
        await asyncio.sleep(0.2)
        started = time.monotonic()
        child.process.send_signal(number)
        assert await child.process.wait() == 0
        assert time.monotonic() - started < 1.0
        assert (await asyncio.gather(hanging, return_exceptions=True))[0] is not None


async def test_they_end_when_their_parent_is_killed() -> None:
    script = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-m', 'notifier.simulators', 'apns'], stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    orphan = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()
    deadline = time.monotonic() + 2.0
    while (alive := _state(orphan) != "Z") and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    if alive:
        os.kill(orphan, signal.SIGKILL)
    assert not alive


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


async def test_a_taken_port_is_one_sentence_and_code_2() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "notifier.simulators", "apns", "--port", port]
        ended = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=10)
    assert ended.returncode == 2
    assert ended.stderr.startswith("The simulators cannot run: ")
    assert ended.stderr.count("\n") == 1


@pytest.mark.holds("I10")
async def test_each_shown_notice_is_a_line_without_the_token(made_up: Path) -> None:
    async with running("apns", "--print") as child, client() as http:
        pushing = Pushing(child, http, read_ec_key(made_up / "apns.p8"), made_up)
        await pushing.apns()
        assert child.process.stdout is not None
        line = (await child.process.stdout.readline()).decode()
    assert line.split()[1:] == ["phone", "1", "notice.own", "badge", "3", "sound"]
    assert TOKEN not in line


async def test_load_mode_keeps_counts_only(made_up: Path) -> None:
    async with running("apns", "--no-phones", "--control-port", "0") as child, client() as http:
        pushing = Pushing(child, http, read_ec_key(made_up / "apns.p8"), made_up)
        await pushing.apns()
        assert (await child.order("GET", "/counts")).json() == {"apns": {"accepted": 1}}
        assert (await child.order("GET", "/phones")).status == 400


@pytest.mark.holds("B40")
def test_credentials_are_private_and_keep_their_keys(tmp_path: Path) -> None:
    apns, fcm = make_credentials(tmp_path, "http://127.0.0.1:1/token")
    before = apns.read_bytes(), fcm.read_text()
    make_credentials(tmp_path, "http://127.0.0.1:2/token")
    assert (apns.read_bytes(), fcm.read_text()) == (before[0], before[1].replace(":1/token", ":2/token"))
    assert {path.stat().st_mode & 0o777 for path in (apns, fcm)} == {0o600}


def test_the_help_names_every_command() -> None:
    shown = subprocess.run([sys.executable, "-m", "notifier.simulators", "--help"], capture_output=True, text=True)
    assert shown.returncode == 0
    assert all(name in shown.stdout for name in ("apns", "fcm", "both", "credentials", "curl"))


async def test_a_journal_that_cannot_be_written_ends_them_with_one_sentence(made_up: Path) -> None:
    command = [sys.executable, "-m", "notifier.simulators", "apns", "--journal", "/dev/full"]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().split()[1].partition("=")[2]
    async with client() as http:
        pushing = Pushing(Child(process, url, "-", "-"), http, read_ec_key(made_up / "apns.p8"), made_up)
        await pushing.apns()
        async with asyncio.timeout(5):
            _, said = await process.communicate()
    assert (process.returncode, said.count(b"\n")) == (2, 1)
    assert said.startswith(b"The simulators cannot run: ")
