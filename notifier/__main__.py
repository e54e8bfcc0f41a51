"""The command line of notifier; plain enough for any Python 3 to read, so that an old one can be told."""

import sys

OLDEST = (3, 11)


def main() -> int:
    """Run the command line and give the exit code; an old Python gets one sentence."""
    if sys.version_info < OLDEST:
        sys.stderr.write("notifier: Python 3.11 or newer is needed: start it with one.\n")
        return 2
    from notifier.commands import line  # noqa: PLC0415 - an old Python could not read it

    return line.main()


if __name__ == "__main__":
    sys.exit(main())
