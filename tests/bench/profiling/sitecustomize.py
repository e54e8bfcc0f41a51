"""Samples where the main thread spends its CPU; Python imports this by its name at start.

Set BENCH_PROFILE to a file and put this folder on PYTHONPATH. The timer counts the CPU of the main thread alone, so
waiting counts nothing and Rust's threads are told apart (their CPU is listed by name). Time inside C is charged to the
line that called it. Nothing is to be installed.
"""

import atexit
import ctypes
import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from types import FrameType

_EVERY_NS = 1_000_000
"""Asked for; the kernel rounds it up to its tick, mostly 4 ms."""
_CLOCK_THREAD_CPU, _NOTIFY_THREAD = 3, 4
_MOST_LINES, _MOST_FUNCTIONS = 60, 80
_ROOT = str(Path(__file__).resolve().parents[3]) + "/"


class _Event(ctypes.Structure):
    _fields_ = (
        ("value", ctypes.c_void_p),
        ("number", ctypes.c_int),
        ("notify", ctypes.c_int),
        ("thread", ctypes.c_int),
        ("padding", ctypes.c_char * 44),
    )


class _Times(ctypes.Structure):
    _fields_ = (("every_s", ctypes.c_long), ("every_ns", ctypes.c_long), ("s", ctypes.c_long), ("ns", ctypes.c_long))


class Profile:
    """Counts samples by function: alone, with what it called, and by line."""

    def __init__(self) -> None:
        self.samples = 0
        self.own: Counter[str] = Counter()
        self.whole: Counter[str] = Counter()
        self.lines: Counter[str] = Counter()

    def take(self, _number: int, frame: FrameType | None) -> None:
        """Take one sample."""
        if frame is None:
            return
        self.samples += 1
        self.own[_name(frame)] += 1
        self.lines[f"{_name(frame)} line {frame.f_lineno}"] += 1
        seen: set[str] = set()
        while frame is not None:
            seen.add(_name(frame))
            frame = frame.f_back
        self.whole.update(seen)

    def write(self, path: Path) -> None:
        """Write the shares, the largest first."""
        parts = [f"{self.samples} samples of the main thread's CPU\n\nCPU by thread, seconds:\n{_threads()}"]
        for title, counts, most in (
            ("with what it called", self.whole, _MOST_FUNCTIONS),
            ("by itself", self.own, _MOST_FUNCTIONS),
            ("by line", self.lines, _MOST_LINES),
        ):
            rows = (f"{count / max(self.samples, 1):7.1%}  {name}" for name, count in counts.most_common(most))
            parts.append("\n".join((f"\n{title}:", *rows)))
        path.write_text("\n".join(parts) + "\n")


def _name(frame: FrameType) -> str:
    code = frame.f_code
    return f"{code.co_filename.removeprefix(_ROOT).rpartition('site-packages/')[2]}:{code.co_qualname}"


def _threads() -> str:
    ticks, rows = os.sysconf("SC_CLK_TCK"), []
    for task in Path("/proc/self/task").iterdir():
        name, _, rest = (task / "stat").read_text().partition(" (")[2].rpartition(") ")
        used = rest.split()
        rows.append(((int(used[11]) + int(used[12])) / ticks, name))
    return "\n".join(f"{seconds:8.2f}  {name}" for seconds, name in sorted(rows, reverse=True))


def start(path: Path) -> None:
    """Sample from now to the end of the process."""
    profile = Profile()
    signal.signal(signal.SIGPROF, profile.take)
    libc = ctypes.CDLL(None, use_errno=True)
    timer, event = ctypes.c_void_p(), _Event(number=signal.SIGPROF, notify=_NOTIFY_THREAD, thread=os.getpid())
    if libc.timer_create(_CLOCK_THREAD_CPU, ctypes.byref(event), ctypes.byref(timer)):
        raise OSError(ctypes.get_errno(), "timer_create")
    times = _Times(every_s=0, every_ns=_EVERY_NS, s=0, ns=_EVERY_NS)
    libc.timer_settime(timer, 0, ctypes.byref(times), None)
    began = time.process_time()

    def finish() -> None:
        signal.signal(signal.SIGPROF, signal.SIG_IGN)
        profile.write(path)
        sys.stderr.write(f"profile of {time.process_time() - began:.1f} s CPU in {path}\n")

    atexit.register(finish)


if "BENCH_PROFILE" in os.environ:
    start(Path(os.environ.pop("BENCH_PROFILE")))
