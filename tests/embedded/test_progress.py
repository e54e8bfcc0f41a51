"""What a first start says while it fetches Kafka and trains Java, and that it can be broken off."""

import asyncio
import threading
from pathlib import Path

import pytest

from notifier.embedded import prepare_kafka, training
from notifier.embedded.jars import fetch_jars, read_pins
from notifier.embedded.jvm import Java, find_java
from notifier.embedded.locks import AT_ONCE, hold
from notifier.embedded.progress import Download, Relay

pytestmark = pytest.mark.holds("R43")

SMALL = tuple(pin for pin in read_pins() if pin.coordinate.startswith("org.slf4j:"))


def test_a_download_says_files_and_bytes_of_how_many() -> None:
    said: list[str] = []
    download = Download(3, 9_000_000, said.append)
    download.begin()
    download.receive("a", 1_200_000)
    download.receive("a", 2_800_000)
    download.complete("a", 4_000_000)
    download.complete("b", 5_000_000)
    assert said == [
        "Kafka: 0 of 3 files, 0 of 9 MB fetched",
        "Kafka: 0 of 3 files, 1 of 9 MB fetched",
        "Kafka: 0 of 3 files, 4 of 9 MB fetched",
        "Kafka: 1 of 3 files, 4 of 9 MB fetched",
        "Kafka: 2 of 3 files, 9 of 9 MB fetched",
    ]


def test_fetching_says_how_far_it_is_and_nothing_when_all_is_there(folder: Path) -> None:
    said: list[str] = []
    fetch_jars(SMALL, folder, said.append)
    assert said[0].startswith("Kafka: 0 of 2 files")
    assert said[-1] == "Kafka: 2 of 2 files, 0 of 0 MB fetched"
    said.clear()
    fetch_jars(SMALL, folder, said.append)
    assert said == []


def test_a_download_that_is_broken_off_leaves_nothing(folder: Path) -> None:
    def break_off(sentence: str) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        fetch_jars(SMALL, folder, break_off)
    assert [path.name for path in folder.iterdir()] == ["download.lock"]


async def test_waiting_for_another_run_is_said_once_and_ends_when_it_is_given_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFIER_CACHE_DIR", str(folder))
    said: list[str] = []
    with hold(folder / "download.lock", AT_ONCE, "taken"), pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await prepare_kafka(said.append)
    await asyncio.sleep(0.2)
    assert said == ["Kafka: another run on this machine is fetching it, this one waits"]
    assert [path.name for path in folder.iterdir()] == ["download.lock"]


async def test_sentences_of_threads_reach_the_event_loop_each_once_until_the_end() -> None:
    heard: list[tuple[str, threading.Thread]] = []
    relay = Relay(lambda sentence: heard.append((sentence, threading.current_thread())))
    for sentence in ("one", "one", "two", "two"):
        await asyncio.to_thread(relay, sentence)
    assert heard == [("one", threading.main_thread()), ("two", threading.main_thread())]
    relay.end()
    with pytest.raises(asyncio.CancelledError):
        relay("three")


async def test_training_java_is_said_and_only_when_it_is_done(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def make(java: Java, home: Path) -> None:
        java.archive.touch()

    monkeypatch.setattr(training, "_train", make)
    said: list[str] = []
    for _ in range(2):
        await training.train(find_java((folder / "any.jar",)), said.append)
    assert said == ["Kafka: Java learns to start it quickly, once (about 7 s)"]
