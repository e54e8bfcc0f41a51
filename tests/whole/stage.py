"""The parts around notifier for tests of whole processes: real PostgreSQL and Kafka, simulated providers."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec
import orjson

from notifier.app.places import Simulated, run_simulators
from notifier.embedded import KafkaServer, PostgresServer, run_kafka, run_postgres
from notifier.kafka.connections import Cluster
from notifier.settings import make_keys
from notifier.simulators.credentials import KEY_ID, TEAM_ID
from tests.postgres import Databases
from tests.simulators.child import Answer, client, send

# Committed means given to the operating system, which survives kill -9; nothing here survives a power cut.
_POSTGRES = {"synchronous_commit": "on", "shared_buffers": "256MB", "max_connections": "60"}
_SHORT = {
    "TIMEOUT": "0.8",
    "CONNECT_TIMEOUT": "0.4",
    "LEASE": "2.5",
    "FEED_EVERY": "0.2",
    "REJUDGE_EVERY": "1",
    "RETRY_FIRST": "0.2",
    "RETRY_MOST": "1",
    "APNS_DOWN_WAIT": "1",
    "APNS_DOWN_SHORT_WAIT": "0.5",
    "FCM_FIRST_WAIT": "0.5",
    "BUSY_WAIT": "0.5",
}

PATIENT = {"SENDER__TIMEOUT": "10", "SENDER__CONNECT_TIMEOUT": "5", "SENDER__LEASE": "60"}
"""As they are unset, for a test in which no answer is to come too late."""


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything around notifier; lives as long as the session of tests."""

    folder: Path
    postgres: PostgresServer
    kafka: KafkaServer
    databases: Databases
    simulated: Simulated

    @property
    def cluster(self) -> Cluster:
        """Where Kafka is."""
        return Cluster(bootstrap=self.kafka.bootstrap)

    @property
    def journal(self) -> Path:
        """A line for each push that a provider accepted."""
        return self.folder / "journal.jsonl"

    @property
    def keys(self) -> Path:
        """Our own keys."""
        return self.folder / "keys"

    def environment(self) -> dict[str, str]:
        """Give the settings that name the parts, with short waits."""
        parts = {
            "KAFKA__BOOTSTRAP": self.kafka.bootstrap,
            "APNS__URL": self.simulated.push,
            "APNS__KEY_FILE": str(self.simulated.apns_key),
            "APNS__KEY_ID": KEY_ID,
            "APNS__TEAM_ID": TEAM_ID,
            "FCM__URL": self.simulated.push,
            "FCM__SERVICE_ACCOUNT_FILE": str(self.simulated.service_account),
            "KEYS__FOLDER": str(self.keys),
            "STATE__DIR": str(self.folder / "nothing-embedded"),
            "ALLOW_PLAINTEXT": "true",
        }
        short = {f"SENDER__{name}": value for name, value in _SHORT.items()}
        return {f"NOTIFIER_{name}": value for name, value in (parts | short).items()}

    async def order(self, method: str, path: str, body: object = None) -> Answer:
        """Send an order to the simulators."""
        async with client() as http:
            url = self.simulated.control + path
            return await send(http, method, url, {}, b"" if body is None else orjson.dumps(body))

    async def set_provider(self, name: str, **condition: object) -> None:
        """Let a provider behave so from now on; without a condition it is well."""
        assert (await self.order("PUT", f"/providers/{name}", condition)).status == 204

    async def counts(self) -> Mapping[str, Mapping[str, int]]:
        """Give requests by provider and outcome."""
        counted: Mapping[str, Mapping[str, int]] = orjson.loads((await self.order("GET", "/counts")).body)
        return counted


@asynccontextmanager
async def run_stage(*flags: str) -> AsyncIterator[Stage]:
    """Start the parts in a folder of their own, the simulators with these flags; nothing is left after the block."""
    folder = Path(tempfile.mkdtemp(prefix="notifier-whole-"))
    folder.chmod(0o711)
    (folder / "simulators").mkdir()
    make_keys(folder / "keys")
    async with AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        postgres = await stack.enter_async_context(run_postgres(folder, durable=False, settings=_POSTGRES))
        databases = Databases(postgres.dsn)
        await databases.make_template()
        kafka = await stack.enter_async_context(run_kafka(folder))
        journal = ("--journal", str(folder / "journal.jsonl"))
        simulated = await stack.enter_async_context(run_simulators(folder / "simulators", *journal, *flags))
        yield Stage(folder=folder, postgres=postgres, kafka=kafka, databases=databases, simulated=simulated)
