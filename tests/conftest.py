"""Fixtures that every test may use: one PostgreSQL server per session, a fresh migrated database per test."""

from collections.abc import AsyncIterator

import pytest

from notifier.postgres.pool import Pool, open_pool
from tests.postgres import Databases, run_databases


@pytest.fixture(scope="session")
async def postgres_server() -> AsyncIterator[Databases]:
    """Run PostgreSQL for the whole session; it starts with the first test that asks for a database."""
    async with run_databases() as databases:
        yield databases


@pytest.fixture
async def database(postgres_server: Databases) -> AsyncIterator[str]:
    """Lend the address of a fresh database with all migrations and the partitions around today."""
    async with postgres_server.fresh() as dsn:
        yield dsn


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    """Lend connections to a fresh database."""
    async with open_pool(database, "test") as opened:
        yield opened
