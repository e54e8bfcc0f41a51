"""One real PostgreSQL per test session, and a fresh, migrated database per test by copying a template."""

import itertools
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from notifier.embedded.postgres import run_postgres
from notifier.postgres.migrations import migrate
from notifier.postgres.partitions import make_partitions
from notifier.postgres.pool import open_pool

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "notifier_template"


class Databases:
    """Makes and drops databases that have every migration and the partitions around today."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._numbers = itertools.count(1)

    def dsn_of(self, name: str) -> str:
        """Give the address of a database on this server."""
        return self._dsn.rpartition("/")[0] + "/" + name

    async def make_template(self) -> None:
        """Make what every database is a copy of; nobody stays connected to it."""
        await self._run(f"create database {TEMPLATE}")
        async with open_pool(self.dsn_of(TEMPLATE), "template") as pool:
            await migrate(pool, read_migrations())
            await make_partitions(pool, datetime.now(UTC).date())

    @asynccontextmanager
    async def fresh(self) -> AsyncIterator[str]:
        """Lend the address of a new database for the block."""
        name = f"test_{next(self._numbers)}"
        await self._run(f"create database {name} template {TEMPLATE} strategy file_copy")
        try:
            yield self.dsn_of(name)
        finally:
            await self._run(f"drop database {name} with (force)")

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(self._dsn)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@asynccontextmanager
async def run_databases(durable: bool = False) -> AsyncIterator[Databases]:
    """Run a server in a folder of its own, which the user of PostgreSQL can reach, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="notifier-test-") as folder:
        state = Path(folder)
        state.chmod(0o711)
        async with run_postgres(state, durable=durable) as server:
            databases = Databases(server.dsn)
            await databases.make_template()
            yield databases


def read_migrations() -> dict[str, str]:
    """Read `schemas/migrations` by file name."""
    return {path.name: path.read_text("utf-8") for path in sorted((ROOT / "schemas" / "migrations").glob("*.sql"))}
