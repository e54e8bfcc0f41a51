import shutil
import socket
import time
from pathlib import Path
from signal import SIGKILL

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from notifier.domain.faults import Misconfigured
from notifier.embedded import prepare_kafka, run_kafka
from notifier.embedded.ports import choose_port

from .processes import is_alive, users_of

pytestmark = pytest.mark.holds("R43")


async def make_topic(bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic("letters", 1, 1)])
    finally:
        await admin.close()


async def produce(bootstrap: str, value: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all") as producer:
        await producer.send_and_wait("letters", value)


async def consume(bootstrap: str, count: int) -> list[bytes | None]:
    consumer = AIOKafkaConsumer(
        "letters", bootstrap_servers=bootstrap, auto_offset_reset="earliest", group_id="readers"
    )
    async with consumer:
        values = [(await consumer.getone()).value for _ in range(count)]
        await consumer.commit()
        return values


async def test_kafka_keeps_what_was_acknowledged_through_a_crash_and_starts_quickly(state: Path) -> None:
    async with run_kafka(state) as server:
        await make_topic(server.bootstrap)
        await produce(server.bootstrap, b"one")
        first, bootstrap = server.pid, server.bootstrap
        await server.restart(SIGKILL)
        assert (server.pid != first, server.bootstrap) == (True, bootstrap)
        assert not is_alive(first)
        await produce(server.bootstrap, b"two")
        assert await consume(server.bootstrap, 2) == [b"one", b"two"]
    assert users_of(state) == []
    started = time.monotonic()
    async with run_kafka(state) as server:
        assert time.monotonic() - started < 4
        await produce(server.bootstrap, b"three")
        assert await consume(server.bootstrap, 1) == [b"three"]


async def test_kafka_refuses_a_taken_port_in_one_sentence(state: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", choose_port()))
        taken.listen()
        with pytest.raises(Misconfigured, match=r"^Port \d+ .* is taken: .*\.$"):
            async with run_kafka(state, port=taken.getsockname()[1]):
                pass


@pytest.mark.slow
async def test_a_damaged_java_cache_does_not_prevent_the_start(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = await prepare_kafka()
    own = state / "cache" / real.archive.parent.name
    shutil.copytree(real.archive.parent, own)
    with (own / real.archive.name).open("r+b") as archive:
        archive.seek(20 << 20)
        archive.write(b"\xa5" * (10 << 20))
    monkeypatch.setenv("NOTIFIER_CACHE_DIR", str(own.parent))
    async with run_kafka(state) as server:
        await make_topic(server.bootstrap)
    assert not (own / real.archive.name).exists()
    assert users_of(state) == []
