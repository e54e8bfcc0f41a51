"""One database for all pairs of a module."""

from collections.abc import AsyncIterator

import pytest

from notifier.postgres.pool import open_pool
from tests.interleaving.ground import Ground
from tests.postgres import Databases


@pytest.fixture(scope="module")
async def ground(postgres_server: Databases) -> AsyncIterator[Ground]:
    """Lend a database with three people, read by three processes."""
    async with postgres_server.fresh() as dsn, open_pool(dsn, "interleaving") as pool:
        ground = Ground(pool)
        await ground.settle_in()
        yield ground
