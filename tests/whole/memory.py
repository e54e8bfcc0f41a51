"""How much memory a service and its courier hold while they run, and whether that stays so."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from tests.whole.service import Service

_LOOK_SECONDS = 0.25
_FEWEST = 80
"""Samples: a process that lived less than 20 seconds was still warming up."""
MOST_GROWTH_MIB = 24.0
"""In the second half of a process's life, beyond the most of the first half."""


class Memory:
    """Looks at the processes of a service again and again."""

    def __init__(self, service: Callable[[], Service]) -> None:
        self._service = service
        self._samples: dict[str, list[float]] = defaultdict(list)

    async def watch(self) -> None:
        """Look until cancelled."""
        while True:
            for name, mib in _read(self._service().pid):
                self._samples[name].append(mib)
            await asyncio.sleep(_LOOK_SECONDS)

    def require_flat(self) -> Iterator[str]:
        """Say how much each process held at most; AssertionError for one that went on growing."""
        for name, samples in self._samples.items():
            if len(samples) < _FEWEST:
                continue
            half = len(samples) // 2
            first, second = max(samples[:half]), max(samples[half:])
            yield f"memory of {name}: at most {first:.0f} MiB in the first half of its life, {second:.0f} in the second"
            assert second - first < MOST_GROWTH_MIB, f"{name} went on growing: {samples[:: len(samples) // 20]}"


def _read(pid: int) -> Iterator[tuple[str, float]]:
    """Give what a process and its children hold now, by name."""
    with suppress(FileNotFoundError, ProcessLookupError):
        yield f"notifier {pid}", _resident_mib(pid)
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield f"courier {child}", _resident_mib(int(child))


def _resident_mib(pid: int) -> float:
    held = Path(f"/proc/{pid}/status").read_text().partition("VmRSS:")[2]
    if not held:
        raise ProcessLookupError  # it has ended, and nobody has asked how
    return int(held.split()[0]) / 1024
