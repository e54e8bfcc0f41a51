"""Settings from the environment and a TOML file, checked at once; the only room that knows pydantic-settings."""

from pathlib import Path

from notifier.domain.faults import Misconfigured
from notifier.settings.checks import find_faults
from notifier.settings.keys import Keys, Use, make_keys, read_keys
from notifier.settings.parts import Security
from notifier.settings.sources import Reading, read_settings
from notifier.settings.table import describe
from notifier.settings.tree import Settings

__all__ = [
    "Keys",
    "Reading",
    "Security",
    "Settings",
    "Use",
    "describe",
    "find_faults",
    "load_settings",
    "make_keys",
    "read_keys",
    "read_settings",
]


def load_settings(config: Path | None = None) -> Settings:
    """Read and check the settings, or raise Misconfigured with every fault of them."""
    reading = read_settings(config)
    faults = (*reading.faults, *find_faults(reading.settings))
    if faults:
        raise Misconfigured(*faults)
    return reading.settings
