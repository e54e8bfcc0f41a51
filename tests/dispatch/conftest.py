"""The clock that every test here moves by hand."""

import pytest

from tests.dispatch.parts import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()
