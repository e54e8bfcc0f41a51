"""`python -m notifier.simulators`: simulated APNs and FCM as a process of their own."""

import os
import sys
from argparse import Namespace

import uvloop

from notifier.simulators.credentials import KEY_ID, TEAM_ID, make_credentials
from notifier.simulators.flags import build_parser
from notifier.simulators.house import keep_house
from notifier.simulators.serving import die_with_parent


def main() -> int:
    """Run one command; 0 when it was told to stop, 2 when it could not start or go on."""
    flags = build_parser().parse_args()
    code = 0
    try:
        run(flags)
    except* (OSError, ValueError, TypeError) as faults:
        sys.stderr.write(f"The simulators cannot run: {first_of(faults)}.\n")
        code = 2
    return code


def run(flags: Namespace) -> None:
    """Run one command to its end."""
    if flags.command == "credentials":
        write_credentials(flags)
        return
    die_with_parent()
    uvloop.run(keep_house(flags))


def first_of(faults: BaseExceptionGroup[BaseException]) -> BaseException:
    """Give the first fault of a tree of them."""
    fault: BaseException = faults
    while isinstance(fault, BaseExceptionGroup):
        fault = fault.exceptions[0]
    return fault


def write_credentials(flags: Namespace) -> None:
    """Write the files and say how to use them."""
    apns, fcm = make_credentials(flags.folder, flags.token_uri, flags.project)
    said = f"APNs key {apns} (kid {KEY_ID}, iss {TEAM_ID}); FCM service account {fcm} (project {flags.project})\n"
    sys.stdout.write(said)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # granian's threads may still hold connections; everything that matters has been flushed.
    os._exit(code)
