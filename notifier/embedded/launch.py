"""Become another program that ends with its starter; run as a script, with the standard library alone.

Between fork and exec of a process with threads only little is safe: hence a program of its own, not a preexec_fn.
Arguments: pid of the starter, number of the signal of death, uid, gid (each -1 to keep), then the command.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def drop_to(uid: int, gid: int) -> None:
    """Become the given user for good, and of no other group."""
    os.setgroups([gid])
    os.setgid(gid)
    os.setuid(uid)


def end_with(starter: int, signal_number: int) -> None:
    """Ask the kernel for the signal when the starter ends; leave at once if it has ended already."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != starter:
        sys.exit(1)


def main(starter: str, signal_number: str, uid: str, gid: str, *command: str) -> None:
    """Become the command."""
    if int(uid) >= 0:
        drop_to(int(uid), int(gid))
    if sys.platform == "linux":
        # After the change of user, which clears the signal.
        end_with(int(starter), int(signal_number))
    os.execv(command[0], command)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(*sys.argv[1:])
