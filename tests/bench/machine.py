"""The machine that the figures were taken on."""

import os
import platform
from pathlib import Path


def describe_machine() -> dict[str, object]:
    """Say what it is, and how busy it was before anything of ours started."""
    model = Path("/proc/cpuinfo").read_text().partition("model name")[2].partition("\n")[0].strip("\t :")
    return {
        "cores": len(os.sched_getaffinity(0)),
        "model": model,
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }
