"""What a command says to whoever started it; none of it is a log line."""

import errno
import os
import sys
import time

_BETWEEN_SECONDS = 2.0
_START_OF_LINE = "\r\x1b[K"


def say(text: str) -> None:
    """Write one line, or several, on stdout; once the terminal is closed nobody hears it, and that is no fault."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except OSError as fault:
        if fault.errno != errno.EIO:
            raise
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.dup2(nowhere, sys.stderr.fileno())


class Meanwhile:
    """Says how far a start is: on a terminal each sentence in the place of the last; what is ready keeps its line.

    Elsewhere each is a line, but of a download one every two seconds.
    """

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._said_at = float("-inf")

    def __call__(self, sentence: str) -> None:
        """Say it."""
        now = time.monotonic()
        line = f"  {now - self._began:5.1f} s  {sentence}"
        if "ready" in sentence:
            say(f"{_START_OF_LINE if sys.stdout.isatty() else ''}{line}")
        elif sys.stdout.isatty():
            sys.stdout.write(_START_OF_LINE + line)
            sys.stdout.flush()
        elif "fetched" not in sentence or now - self._said_at >= _BETWEEN_SECONDS:
            self._said_at = now
            say(line)
