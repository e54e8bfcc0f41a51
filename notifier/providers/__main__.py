"""`python -m notifier.providers FD`: a courier; only `notifier run` starts it, with one end of its socket pair."""

import signal
import sys

for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_IGN)  # before anything else: it leaves when its process says so, or is gone

from notifier.providers.carrying import carry  # noqa: E402

if __name__ == "__main__":
    carry(int(sys.argv[1]))
