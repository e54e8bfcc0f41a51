"""Each test of these suites runs over the fake and over PostgreSQL."""

import pytest

from notifier.postgres.pool import Pool
from tests.ledger.fake_backend import FakeBackend
from tests.ledger.house import House
from tests.ledger.postgres_backend import PostgresBackend
from tests.ledger.scene import TOPIC, Scene


@pytest.fixture(params=["fake", "postgres"])
def backend(request):
    """Lend what keeps the ledger; not async, so that the database's own fixture can run."""
    return FakeBackend() if request.param == "fake" else PostgresBackend(request.getfixturevalue("pool"))


@pytest.fixture
async def scene(backend):
    """Lend a ledger with three people, their phones and a topic that is read from 0."""
    await backend.settle_in(TOPIC)
    return Scene(backend)


@pytest.fixture
async def house(pool: Pool) -> House:
    """Lend a house in which nobody has a phone yet."""
    house = House(pool)
    await house.backend.settle_in(TOPIC)
    await pool.execute("delete from device")
    return house
