"""Kafka clients that share nothing with ours: librdkafka's kcat and Java's console producer, neither with keys."""

import asyncio
import shutil
from asyncio.subprocess import PIPE
from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson

from notifier.embedded.jars import cache_folder, fetch_jars, read_pins
from notifier.embedded.jvm import find_java
from tests.whole.trial import Trial

_LIMIT_SECONDS = 40
_LOCK = Path(__file__).parent / "kafka-tools.lock"
_PRODUCER = "org.apache.kafka.tools.ConsoleProducer"


def find_kcat() -> str | None:
    """Give where kcat is; None where this machine has none."""
    return shutil.which("kcat") or shutil.which("kafkacat")


async def publish_with_kcat(trial: Trial, value: bytes, headers: Mapping[str, str]) -> None:
    """Publish one record with kcat."""
    words = [word for name, text in headers.items() for word in ("-H", f"{name}={text}")]
    broker = trial.stage.kafka.bootstrap
    await _run([find_kcat() or "kcat", "-P", "-b", broker, "-t", trial.topic("events"), *words], value)


async def publish_with_java(trial: Trial, records: Sequence[tuple[bytes, Mapping[str, str]]]) -> None:
    """Publish records with Kafka's console producer, all with headers or all without."""
    jars = await asyncio.to_thread(
        lambda: (*fetch_jars(read_pins(), cache_folder()), *fetch_jars(read_pins(_LOCK), cache_folder()))
    )
    own = {"parse.headers": "true", "headers.key.separator": "="} if records[0][1] else {}
    properties = [word for name, text in own.items() for word in ("--reader-property", f"{name}={text}")]
    words = ("--bootstrap-server", trial.stage.kafka.bootstrap, "--topic", trial.topic("events"), *properties)
    await _run(find_java(jars).command(trial.folder, _PRODUCER, *words), b"".join(map(_write_line, records)))


def split(value: bytes) -> tuple[bytes, dict[str, str]]:
    """Give a structured event in binary mode: its data, and its attributes as headers."""
    event = orjson.loads(value)
    data, content_type = event.pop("data"), event.pop("datacontenttype")
    return orjson.dumps(data), {f"ce_{name}": text for name, text in event.items()} | {"content-type": content_type}


def _write_line(record: tuple[bytes, Mapping[str, str]]) -> bytes:
    value, headers = record
    before = ",".join(f"{name}={text}" for name, text in headers.items())
    return (before + "\t").encode() * bool(headers) + value + b"\n"


async def _run(command: Sequence[str], said: bytes) -> None:
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    try:
        async with asyncio.timeout(_LIMIT_SECONDS):
            _, complaint = await process.communicate(said)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, complaint.decode()
