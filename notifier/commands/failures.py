"""What is said when a command cannot go on: a sentence per fault, never a value that somebody else wrote (I10)."""

import traceback
from collections.abc import Iterator
from pathlib import Path

from notifier.domain.faults import Misconfigured, Unavailable

MISCONFIGURED = 2
AWAY = 69
"""EX_UNAVAILABLE of sysexits."""
BROKEN = 70
"""EX_SOFTWARE of sysexits."""
_PACKAGE = Path(__file__).resolve().parents[1]
_MOST_FRAMES = 6


def explain(fault: BaseException) -> tuple[int, list[str]]:
    """Give the exit code and the lines for a fault, or for a group of them."""
    leaves = list(_leaves(fault))
    refusals = [leaf for leaf in leaves if isinstance(leaf, Misconfigured)]
    if refusals:
        return MISCONFIGURED, [line for refused in refusals for line in refused.faults]
    if all(isinstance(leaf, Unavailable) for leaf in leaves):
        return AWAY, [f"{leaf}; try again when it answers." for leaf in leaves]
    return BROKEN, [_trace(leaf) for leaf in leaves if not isinstance(leaf, Unavailable)]


def _leaves(fault: BaseException) -> Iterator[BaseException]:
    if isinstance(fault, BaseExceptionGroup):
        for inner in fault.exceptions:
            yield from _leaves(inner)
    else:
        yield fault


def _trace(fault: BaseException) -> str:
    """Say where a fault of ours came up; its text may hold anything (`python -X dev` shows all)."""
    frames = traceback.extract_tb(fault.__traceback__)[-_MOST_FRAMES:]
    places = " < ".join(f"{_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"a fault of ours, {type(fault).__name__} at {places}"


def _place(filename: str) -> str:
    path = Path(filename)
    return path.relative_to(_PACKAGE.parent).as_posix() if path.is_relative_to(_PACKAGE) else path.name
