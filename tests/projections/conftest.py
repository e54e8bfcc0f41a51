"""Each test of this suite runs over the fake and over PostgreSQL."""

import pytest

from tests.projections.scenes import Backend, FakeBackend, PostgresBackend, Scene


@pytest.fixture(params=["fake", "postgres"])
def backend(request):
    """Lend what holds the projections; not async, so that the database's own fixture can run."""
    return FakeBackend() if request.param == "fake" else PostgresBackend(request.getfixturevalue("pool"))


@pytest.fixture
async def scene(backend: Backend):
    """Lend a scene whose feeds are complete."""
    scene = Scene(backend)
    await scene.begin()
    return scene
