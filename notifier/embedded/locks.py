"""Exclusive locks between the programs of one machine, kept by the kernel and so gone with their holder."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from notifier.domain.faults import Misconfigured

PAUSE = timedelta(milliseconds=20)
AT_ONCE = timedelta(0)


def take(path: Path, within: timedelta, otherwise: str) -> int:
    """Lock the file and return its descriptor, which holds the lock while any program has it open.

    Raises Misconfigured with the sentence `otherwise` when another program still holds it after `within`.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _wait(descriptor, time.monotonic() + within.total_seconds(), otherwise)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def hold(path: Path, within: timedelta, otherwise: str) -> Iterator[None]:
    """Hold the lock for the block; the terms are those of `take`."""
    descriptor = take(path, within, otherwise)
    try:
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, deadline_seconds: float, otherwise: str) -> None:
    """Try until the deadline: flock has no time limit of its own."""
    while not _try(descriptor):
        if time.monotonic() >= deadline_seconds:
            raise Misconfigured(otherwise)
        time.sleep(PAUSE.total_seconds())


def _try(descriptor: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
