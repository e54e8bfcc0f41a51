"""The stage of a session of tests, and the making of trials on it."""

import itertools
from collections.abc import AsyncIterator

import pytest

from tests.whole.opening import open_trial
from tests.whole.people import make_adults, make_children
from tests.whole.stage import Stage, run_stage
from tests.whole.trial import Trial

_numbers = itertools.count(1)
_stages: list[Stage] = []


@pytest.fixture(scope="session")
async def stage() -> AsyncIterator[Stage]:
    """Run the parts once, also where two folders of tests ask for them."""
    if _stages:
        yield _stages[0]
        return
    async with run_stage() as running:
        _stages.append(running)
        yield running
        _stages.clear()


@pytest.fixture
async def well(stage: Stage) -> AsyncIterator[None]:
    """See that providers are well again after a test."""
    yield
    for name in ("apns", "fcm", "oauth"):
        await stage.set_provider(name)


@pytest.fixture
async def trial(stage: Stage) -> AsyncIterator[Trial]:
    """Lend a fresh database, fresh topics, eight adults and four children."""
    adults = make_adults(8)
    async with open_trial(stage, f"w{next(_numbers)}", [*adults, *make_children(4, adults)]) as opened:
        yield opened
