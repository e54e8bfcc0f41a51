"""A state folder of its own for each test that asks for one."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifier.embedded import open_state


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the user of PostgreSQL can reach too, which pytest's own are not."""
    path = Path(tempfile.mkdtemp(prefix="notifier-test-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def state(folder: Path) -> Iterator[Path]:
    with open_state(folder) as path:
        yield path
