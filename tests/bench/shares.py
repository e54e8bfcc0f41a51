"""Who uses the cores during a run: all parts share them, and strangers spoil the figures."""

import os
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

Shares = Mapping[str, float]
"""CPU seconds used so far, or cores used in between, by part."""

OTHERS = "others"
_TICKS = os.sysconf("SC_CLK_TCK")
_PARTS = {
    "notifier.simulators": "simulators",
    "-m\0notifier\0run": "notifier",
    "-m\0notifier.providers": "courier",
    "bin/postgres": "postgres",
    "postgres:": "postgres",
    "kafka.Kafka": "kafka",
}


class _Seen(msgspec.Struct, frozen=True, kw_only=True):
    parent: int
    command: str
    cpu_seconds: float


def count_cpu() -> Shares:
    """Give the CPU seconds that each of our parts has used, with its children that ended, and all others together."""
    seen = {int(folder.name): one for folder in Path("/proc").iterdir() if (one := _look(folder)) is not None}
    used: defaultdict[str, float] = defaultdict(float)
    for pid, one in seen.items():
        if _is_ours(pid, seen):
            used[_name(pid, one.command)] += one.cpu_seconds
    return dict(used) | {OTHERS: _count_all() - sum(used.values())}


def share_cores(before: Shares, elapsed_seconds: float) -> Shares:
    """Give the cores that each part has used since then."""
    now = count_cpu()
    return {part: max(now[part] - before.get(part, 0.0), 0.0) / elapsed_seconds for part in sorted(now)}


def _look(folder: Path) -> _Seen | None:
    if folder.name.isdecimal():
        with suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
            used = sum(int(ticks) for ticks in fields[11:15]) / _TICKS
            return _Seen(parent=int(fields[1]), command=command, cpu_seconds=used)
    return None


def _is_ours(pid: int, seen: Mapping[int, _Seen]) -> bool:
    while pid in seen and pid != os.getpid():
        pid = seen[pid].parent
    return pid == os.getpid()


def _count_all() -> float:
    """Give the seconds that all cores were busy since the machine started."""
    user, nice, system, _, _, hard, soft, *_ = Path("/proc/stat").read_text().partition("\n")[0].split()[1:]
    return sum(map(int, (user, nice, system, hard, soft))) / _TICKS


def _name(pid: int, command: str) -> str:
    if pid == os.getpid():
        return "bench"
    return next((part for sign, part in _PARTS.items() if sign in command), OTHERS)
