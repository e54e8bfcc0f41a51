"""Forgets what embedded parts kept between runs: `python -m notifier.app.forgetting`, for `make clean` (A35)."""

import sys

from notifier.domain.faults import Misconfigured
from notifier.embedded import clear_state
from notifier.settings import load_settings


def main() -> int:
    """Remove the state folder; 2 with a sentence where a run still uses it."""
    try:
        clear_state(load_settings().state.dir)
    except Misconfigured as refused:
        sys.stderr.writelines(f"notifier: {fault}\n" for fault in refused.faults)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
