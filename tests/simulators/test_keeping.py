"""Phones survive a restart of their simulators."""

import asyncio
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from notifier.simulators.faults import Provider
from notifier.simulators.keeping import Keeper
from notifier.simulators.population import Phones
from notifier.simulators.pushes import Pushes
from tests.simulators.child import Child, client, running
from tests.simulators.pushing import TOKEN, Pushing
from tests.simulators.signing import read_ec_key

pytestmark = pytest.mark.holds("R45")

AWAY = "cd" * 32


async def look(child: Child) -> dict[str, dict[str, object]]:
    phones = (await child.order("GET", "/phones?since=0")).json()["phones"]
    return {str(phone["token"]): phone for phone in msgspec.convert(phones, list[dict[str, object]])}


@pytest.mark.holds("B40")
async def test_phones_and_what_waits_for_them_survive_a_restart(tmp_path: Path, made_up: Path) -> None:
    path = tmp_path / "phones.json"
    flags = ("apns", "--control-port", "0", "--keep", str(path))
    async with running(*flags) as child, client() as http:
        pushing = Pushing(child, http, read_ec_key(made_up / "apns.p8"), made_up)
        await child.order("PUT", "/tokens", {TOKEN: {"alias": "Anna's phone"}, AWAY: {"alias": "away"}})
        await child.order("PUT", f"/phones/{AWAY}", {"online": False})
        await pushing.apns(apns_collapse_id="m1")
        await pushing.apns(path=f"/3/device/{AWAY}", apns_collapse_id="m2", apns_expiration="4000000000")
        await child.order("PUT", f"/tokens/{TOKEN}", {"state": "gone"})
        before = await look(child)
        child.process.terminate()
        assert await child.process.wait() == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
    async with running(*flags) as child, client() as http:
        assert await look(child) == before
        assert (before[TOKEN]["alias"], before[TOKEN]["revoked"], before[AWAY]["waiting"]) == ("Anna's phone", True, 1)
        await child.order("PUT", f"/phones/{AWAY}", {"online": True})
        moments = msgspec.convert((await look(child))[AWAY]["moments"], list[dict[str, object]])
        assert [(moment["key"], moment["push"]) for moment in moments] == [("m2", 2)]
        pushing = Pushing(child, http, read_ec_key(made_up / "apns.p8"), made_up)
        await pushing.apns(path=f"/3/device/{AWAY}", apns_collapse_id="m3")
        assert (await child.order("GET", "/pushes/2")).status == 404
        assert (await child.order("GET", "/pushes/3")).json()["token"] == AWAY


async def test_a_kill_loses_no_more_than_a_second(tmp_path: Path) -> None:
    flags = ("apns", "--control-port", "0", "--keep", str(tmp_path / "phones.json"))
    async with running(*flags) as child:
        await child.order("PUT", f"/tokens/{TOKEN}", {"alias": "Anna's phone"})
        await asyncio.sleep(1.2)
        child.process.kill()
        await child.process.wait()
    async with running(*flags) as child:
        assert [phone["alias"] for phone in (await look(child)).values()] == ["Anna's phone"]


@pytest.mark.parametrize("content", ["", "{", '{"phones": []}', '{"last_serial": 1, "phones": [{}]}'])
def test_a_file_that_cannot_be_read_is_one_sentence_and_code_2(tmp_path: Path, content: str) -> None:
    path = tmp_path / "phones.json"
    path.write_text(content)
    code, said = run("--keep", str(path))
    assert (code, said.count("\n"), path.read_text()) == (2, 1, content)
    assert said.startswith(f"The simulators cannot run: the phones kept in {path} cannot be read")


def test_a_place_that_cannot_be_written_is_one_sentence_and_code_2(tmp_path: Path) -> None:
    code, said = run("--keep", str(tmp_path / "nowhere" / "phones.json"))
    assert (code, said.count("\n")) == (2, 1)


def test_nothing_can_be_kept_in_load_mode(tmp_path: Path) -> None:
    code, said = run("--no-phones", "--keep", str(tmp_path / "phones.json"))
    assert (code, "--no-phones" in said) == (2, True)


def run(*flags: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "notifier.simulators", "apns", *flags]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=10)
    return ended.returncode, ended.stderr


def test_of_very_many_phones_those_that_changed_last_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "phones.json"
    phones, again = Phones(), Phones()
    for number in range(1_002):
        phones.name(str(number), f"phone of {number}", "fcm")
    phones.name("0", "changed last", "fcm")
    Keeper(path, phones, Pushes()).write_if_changed()
    Keeper(path, again, Pushes()).restore({"fcm": Provider("fcm")})
    assert list(again.by_token) == [*(str(number) for number in range(3, 1_002)), "0"]


def test_only_a_change_is_written(tmp_path: Path) -> None:
    path = tmp_path / "phones.json"
    phones = Phones()
    keeper = Keeper(path, phones, Pushes())
    keeper.write_if_changed()
    first = path.stat().st_ino
    keeper.write_if_changed()
    assert path.stat().st_ino == first
    phones.name("a", "a phone", "fcm")
    keeper.write_if_changed()
    assert len(msgspec.json.decode(path.read_bytes())["phones"]) == 1
