"""What can be started, and how: it ends with us, in a session of its own, with nothing of our environment."""

import os
import subprocess
import sys
from pathlib import Path
from signal import SIGKILL, Signals

import msgspec

from notifier.embedded import launch


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A user of this machine; -1 stands for our own."""

    uid: int = -1
    gid: int = -1


OURSELVES = Account()


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """What to start: `death` is the signal it gets when we are killed, `home` where it runs and logs."""

    name: str
    command: tuple[str, ...]
    home: Path
    death: Signals = SIGKILL
    account: Account = OURSELVES

    @property
    def log(self) -> Path:
        """Everything it says; begun anew at each start."""
        return self.home / f"{self.name}.log"

    @property
    def lock(self) -> Path:
        """Held by it and all that it starts, so that it is free exactly when all of them are gone."""
        return self.home / f"{self.name}.lock"


def spawn(program: Program, lock: int) -> subprocess.Popen[bytes]:
    """Start the program with the lock's descriptor in its hands."""
    account = program.account
    launcher = (sys.executable, "-I", "-S", launch.__file__)
    terms = (str(os.getpid()), str(int(program.death)), str(account.uid), str(account.gid))
    with program.log.open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - commands are built in this room, from paths of our own
            (*launcher, *terms, *program.command),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=program.home,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
            pass_fds=(lock,),
            # Ctrl-C reaches only us: we stop the parts, in our own order.
            start_new_session=True,
        )
