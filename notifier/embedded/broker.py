"""One KRaft node that is broker and controller in one: its settings, its empty data, its program."""

import shutil
import uuid
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import msgspec

from notifier.embedded.children import complete
from notifier.embedded.jvm import Java
from notifier.embedded.ports import HOST, choose_port
from notifier.embedded.programs import Program

READY = "Kafka Server started"
START_LIMIT = timedelta(seconds=60)
SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "auto.create.topics.enable": "false",
    # After a crash the new broker waits for the session of the old one: 1 s instead of 9.
    "broker.session.timeout.ms": "1000",
    "broker.heartbeat.interval.ms": "200",
    "group.initial.rebalance.delay.ms": "0",
    # One node, two cores, 512 MiB: few partitions of its own, few threads, little for compaction (default 128 MiB).
    "offsets.topic.num.partitions": "4",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "log.cleaner.dedupe.buffer.size": str(16 << 20),
}


class Broker(msgspec.Struct, frozen=True, kw_only=True):
    """Where a broker lives and listens."""

    home: Path
    port: int
    controller_port: int


def make_broker(home: Path, port: int | None = None) -> Broker:
    """Return a broker that lives in the folder, on free ports; a wanted port that is taken is Misconfigured."""
    chosen = choose_port(port)
    home.mkdir(mode=0o700, exist_ok=True)
    return Broker(home=home, port=chosen, controller_port=choose_port(avoid=chosen))


def broker_program(java: Java, broker: Broker, options: Sequence[str]) -> Program:
    """Return the program that runs the broker on its data."""
    settings = _write_settings(broker, broker.home / "data")
    command = java.command(broker.home, "kafka.Kafka", str(settings), options=options)
    # The signal of death is SIGKILL: a broker that is asked politely may take its time, and recovers either way.
    return Program(name="kafka", command=command, home=broker.home)


async def format_data(java: Java, broker: Broker, options: Sequence[str]) -> None:
    """Make the broker's data when there is none; aside first, so that half made is never taken for whole."""
    data = broker.home / "data"
    if data.exists():
        return
    unfinished = broker.home / "data.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    settings = _write_settings(broker, unfinished)
    words = ("kafka.tools.StorageTool", "format", f"--cluster-id={uuid.uuid4().hex[:22]}", f"--config={settings}")
    command = java.command(broker.home, *words, options=options)
    await complete(Program(name="format", command=command, home=broker.home), START_LIMIT)
    unfinished.rename(data)


def _write_settings(broker: Broker, data: Path) -> Path:
    own = {
        "listeners": f"PLAINTEXT://{HOST}:{broker.port},CONTROLLER://{HOST}:{broker.controller_port}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{broker.port}",
        "controller.quorum.voters": f"1@{HOST}:{broker.controller_port}",
        "log.dirs": str(data),
    }
    path = broker.home / f"{data.name}.properties"
    path.write_text("".join(f"{name}={value}\n" for name, value in (SETTINGS | own).items()))
    return path
