"""Settings that reach a database of the test's own."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from notifier.settings import make_keys
from tests.commands.cast import EVENT, Write
from tests.kafka_parts import cluster, kafka_server, topic_prefix
from tests.settings.cast import clear_environment

__all__ = ["cluster", "kafka_server", "topic_prefix"]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clear_environment(monkeypatch)
    monkeypatch.setenv("NOTIFIER_STATE__DIR", str(tmp_path))


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch, database: str, tmp_path: Path) -> str:
    """Let commands reach a fresh database, and give its address."""
    monkeypatch.setenv("NOTIFIER_POSTGRES__DSN", database)
    monkeypatch.setenv("NOTIFIER_ALLOW_PLAINTEXT", "true")
    make_keys(tmp_path / "keys")
    return database


@pytest.fixture
def now() -> datetime:
    """The present, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, content: object) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else orjson.dumps(content))
        return path

    return write


@pytest.fixture
def event(now: datetime) -> dict[str, Any]:
    return {**EVENT, "time": now.isoformat()}
