"""The parts around notifier: PostgreSQL and Kafka, both durable, and one simulator worker that keeps counts only."""

import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGTERM

import msgspec
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from notifier.app.schemas import read_migrations
from notifier.embedded import open_state, run_kafka, run_postgres
from notifier.embedded.children import start_until
from notifier.embedded.ports import HOST, choose_port
from notifier.embedded.postgres import DURABLE
from notifier.embedded.programs import Program
from notifier.kafka.clusters import create_topics, plan_topics
from notifier.kafka.connections import Cluster
from notifier.kafka.producer import ProducerSettings, open_producer
from notifier.postgres.migrations import migrate
from notifier.postgres.partitions import make_partitions
from notifier.postgres.pool import Pool, open_pool
from notifier.settings import Settings, make_keys
from notifier.simulators.credentials import KEY_ID, TEAM_ID, make_credentials

PREFIX = "1177."
SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
_START, _STOP = timedelta(seconds=30), timedelta(seconds=5)


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """Where everything around notifier is."""

    folder: Path
    dsn: str
    cluster: Cluster
    pool: Pool
    push: str
    apns_key: Path
    service_account: Path
    keys: Path
    durability: dict[str, str]

    def environment(self, internal_port: int) -> dict[str, str]:
        """Give the settings of the notifier that is measured."""
        return {
            "NOTIFIER_KAFKA__BOOTSTRAP": self.cluster.bootstrap,
            "NOTIFIER_POSTGRES__DSN": self.dsn,
            "NOTIFIER_APNS__URL": self.push,
            "NOTIFIER_APNS__KEY_FILE": str(self.apns_key),
            "NOTIFIER_APNS__KEY_ID": KEY_ID,
            "NOTIFIER_APNS__TEAM_ID": TEAM_ID,
            "NOTIFIER_FCM__URL": self.push,
            "NOTIFIER_FCM__FIRST_PER_SECOND": "9000",  # measured is what comes after the ramp (A33)
            "NOTIFIER_FCM__SERVICE_ACCOUNT_FILE": str(self.service_account),
            "NOTIFIER_KEYS__FOLDER": str(self.keys),
            "NOTIFIER_HTTP__INTERNAL_PORT": str(internal_port),
            "NOTIFIER_ALLOW_PLAINTEXT": "true",
        }


@asynccontextmanager
async def open_stage() -> AsyncIterator[Stage]:
    """Start everything in a folder of its own under the system's temporary one; nothing is left after the block."""
    folder = Path(tempfile.gettempdir()) / f"notifier-bench-{os.getpid()}"
    async with AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.enter_context(open_state(folder))
        postgres = await stack.enter_async_context(run_postgres(folder))
        kafka = await stack.enter_async_context(run_kafka(folder))
        push, apns_key, service_account = await stack.enter_async_context(_simulators(folder / "simulators"))
        pool = await stack.enter_async_context(open_pool(postgres.dsn, "bench"))
        await migrate(pool, read_migrations(Settings()))
        await make_partitions(pool, datetime.now(UTC).date())
        make_keys(folder / "keys")
        cluster = Cluster(bootstrap=kafka.bootstrap)
        await _make_topics(cluster)
        yield Stage(
            folder=folder,
            dsn=postgres.dsn,
            cluster=cluster,
            pool=pool,
            push=push,
            apns_key=apns_key,
            service_account=service_account,
            keys=folder / "keys",
            durability=await _require_durability(pool, cluster),
        )


@asynccontextmanager
async def _simulators(home: Path) -> AsyncIterator[tuple[str, Path, Path]]:
    home.mkdir()
    port = choose_port(None)
    url = f"http://{HOST}:{port}"
    apns_key, service_account = make_credentials(home / "credentials", f"{url}/token")
    flags = ("--port", str(port), "--apns-key", str(apns_key), "--service-account", str(service_account), "--no-phones")
    command = (sys.executable, "-m", "notifier.simulators", "both", *flags)
    child = await start_until(Program(name="simulators", home=home, command=command), "ready ", _START)
    try:
        yield url, apns_key, service_account
    finally:
        await child.stop(SIGTERM, _STOP)


async def _make_topics(cluster: Cluster) -> None:
    """Make the topics; that of events keeps the time of Kafka's append, which latency is counted from."""
    plans = plan_topics(PREFIX)
    events = next(plan for plan in plans if plan.name == f"{PREFIX}events")
    admin = AIOKafkaAdminClient(bootstrap_servers=cluster.bootstrap)
    await admin.start()
    try:
        settings = {"retention.ms": str(7 * 86_400_000), "message.timestamp.type": "LogAppendTime"}
        await admin.create_topics([NewTopic(events.name, events.partitions, 1, topic_configs=settings)])
    finally:
        await admin.close()
    await create_topics(cluster, plans)


async def _require_durability(pool: Pool, cluster: Cluster) -> dict[str, str]:
    """Ask the parts themselves; figures without durability mean nothing."""
    durability = {name: str(await pool.fetchval(f"show {name}")) for name in DURABLE}
    async with open_producer(ProducerSettings(cluster=cluster)) as producer:
        durability["acks"] = {-1: "all"}.get(producer._client._sender._acks, "not all")
    assert durability == dict.fromkeys(DURABLE, "on") | {"acks": "all"}, durability
    return durability
