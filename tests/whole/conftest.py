"""The stage for these tests."""

from tests.whole.fixtures import stage, trial, well

__all__ = ["stage", "trial", "well"]
