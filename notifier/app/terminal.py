"""What a command says to whoever started it; none of it is a log line."""

import sys


def say(text: str) -> None:
    """Write one line, or several, on stdout."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
