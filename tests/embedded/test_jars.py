import asyncio
import re
import sys
from pathlib import Path

import pytest

from notifier.domain.faults import Misconfigured
from notifier.embedded.jars import Pin, cache_folder, fetch_jars, read_pins

pytestmark = pytest.mark.holds("R43")

SMALL = "org.slf4j:slf4j-simple:1.7.36"
FETCH = """
import sys
from pathlib import Path
from notifier.embedded.jars import fetch_jars, read_pins
pins = tuple(pin for pin in read_pins() if pin.coordinate.startswith("org.slf4j:"))
print(*[f"{jar} {jar.stat().st_ino}" for jar in fetch_jars(pins, Path(sys.argv[1]))])
"""


def small_pin() -> Pin:
    return next(pin for pin in read_pins() if pin.coordinate == SMALL)


def test_every_pinned_jar_has_a_version_a_digest_and_a_size() -> None:
    pins = read_pins()
    assert len({pin.coordinate for pin in pins}) == len(pins) > 40
    for pin in pins:
        assert re.fullmatch(r"[0-9a-f]{64}", pin.sha256)
        assert re.fullmatch(r"[\w.-]+:[\w.-]+:\d[\w.-]*", pin.coordinate)
        assert pin.size_bytes > 0


async def test_starts_at_the_same_moment_download_once_and_agree(folder: Path) -> None:
    runs = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", FETCH, folder, stdout=asyncio.subprocess.PIPE)
        for _ in range(3)
    ]
    answers = {(await run.communicate())[0] for run in runs}
    assert {run.returncode for run in runs} == {0}
    # The same inodes: the second and third found what the first had made.
    assert len(answers) == 1
    assert len(list(folder.glob("kafka-*"))) == 1


def test_a_jar_that_was_changed_after_its_download_is_refused_in_one_sentence(folder: Path) -> None:
    (jar,) = fetch_jars((small_pin(),), folder)
    jar.write_bytes(jar.read_bytes() + b"!")
    with pytest.raises(Misconfigured) as refused:
        fetch_jars((small_pin(),), folder)
    assert SMALL in str(refused.value)
    assert f"remove {jar.parent}" in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_a_download_with_other_bytes_than_pinned_is_refused_and_never_used(folder: Path) -> None:
    forged = Pin(sha256="0" * 64, size_bytes=1, coordinate=SMALL)
    for _ in range(2):
        with pytest.raises(Misconfigured, match=r"is not the org\.slf4j.*not used"):
            fetch_jars((forged,), folder)
    assert list(folder.glob("kafka-*")) == []


def test_no_network_is_said_with_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with pytest.raises(Misconfigured, match=r"could not be downloaded: .*NOTIFIER_CACHE_DIR") as refused:
        fetch_jars((small_pin(),), folder)
    assert len(str(refused.value).splitlines()) == 1


def test_an_unreadable_list_of_pins_is_refused(folder: Path) -> None:
    (folder / "pins").write_text("only-one-word\n")
    for path in (folder / "pins", folder / "missing"):
        with pytest.raises(Misconfigured, match="cannot be read as a list of pinned jars"):
            read_pins(path)


def test_the_cache_folder_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFIER_CACHE_DIR", "/own/place")
    assert cache_folder() == Path("/own/place")
    monkeypatch.delenv("NOTIFIER_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", "/their/cache")
    assert cache_folder() == Path("/their/cache/notifier")
