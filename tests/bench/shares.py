"""Who uses the cores during a run: all parts share them, and strangers spoil the figures."""

import os
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

Shares = Mapping[str, float]
"""CPU seconds used so far, or cores used in between, by part."""

_TICKS = os.sysconf("SC_CLK_TCK")
_PARTS = {
    "notifier.simulators": "simulators",
    "-m\0notifier\0run": "notifier",
    "bin/postgres": "postgres",
    "postgres:": "postgres",
    "kafka.Kafka": "kafka",
}


def count_cpu() -> Counter[str]:
    """Give the CPU seconds that each part has used, with those of its children that ended."""
    used: Counter[str] = Counter()
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with suppress(OSError):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                part = _name(folder, (folder / "cmdline").read_bytes().decode(errors="replace"))
                used[part] += sum(int(ticks) for ticks in fields[11:15]) / _TICKS
    return used


def share_cores(before: Mapping[str, float], elapsed_seconds: float) -> Shares:
    """Give the cores that each part has used since then."""
    now = count_cpu()
    return {part: max(now[part] - before.get(part, 0.0), 0.0) / elapsed_seconds for part in sorted(now)}


def _name(folder: Path, command: str) -> str:
    if int(folder.name) == os.getpid():
        return "bench"
    return next((part for sign, part in _PARTS.items() if sign in command), "others")
