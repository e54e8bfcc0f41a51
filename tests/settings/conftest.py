"""An environment without settings of ours."""

import pytest

from tests.settings.cast import clear_environment


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    clear_environment(monkeypatch)
