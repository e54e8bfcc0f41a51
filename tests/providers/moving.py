"""`python -m tests.providers.moving KEYS ACT`: a provider that moves to another address while a lane is open.

Only in a mount namespace of its own can a process have a hosts file of its own; where it cannot, it ends with 3.
Prints where each push arrived.
"""

import asyncio
import ctypes
import os
import sys
import tempfile
from pathlib import Path

from notifier.domain.pushes import Again
from tests.providers.frames import Act, serving_frames
from tests.providers.lanes import apns_lane, fresh_parcel, route

NAME, BEFORE, AFTER = "provider.example", "127.0.0.1", "127.0.0.2"
NOT_ALLOWED = 3
_NEW_USERS, _NEW_MOUNTS, _BIND = 0x10000000, 0x00020000, 0x1000


def take_hosts(hosts: Path) -> None:
    """Let this process alone read this file as /etc/hosts; OSError where that is not allowed."""
    uid, gid = os.getuid(), os.getgid()
    kernel = ctypes.CDLL(None, use_errno=True)
    if kernel.unshare(_NEW_USERS | _NEW_MOUNTS):
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
    Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
    if kernel.mount(os.fsencode(hosts), b"/etc/hosts", None, _BIND, None):
        raise OSError(ctypes.get_errno(), "mount")


async def move(hosts: Path, keys: Path, act: Act) -> list[str]:
    """Send before the move, after it, and after the connection of before has ended; say where each arrived."""
    async with serving_frames(BEFORE) as before, serving_frames(AFTER, before.port) as after:
        way = route(f"http://{NAME}:{before.port}", most_connections=1)
        async with apns_lane(way, keys) as lane:
            arrived = []
            for number, (address, doing) in enumerate([(BEFORE, Act.ANSWER), (AFTER, Act.ANSWER), (AFTER, act)]):
                hosts.write_text(f"{address} {NAME}\n")
                before.act = doing
                await lane.send(fresh_parcel(number=number))
                arrived.append("before" if len(before.requests) > number else "after")
            while isinstance(await lane.send(fresh_parcel(number=9)), Again):
                await asyncio.sleep(0.05)
            return [*arrived, "after" if any(one["apns-id"].endswith("9") for one in after.requests) else "before"]


def main(keys: str, act: str) -> int:
    """Say where pushes arrived."""
    with tempfile.NamedTemporaryFile(suffix=".hosts") as file:
        try:
            take_hosts(Path(file.name))
        except OSError:
            return NOT_ALLOWED
        sys.stdout.write(" ".join(asyncio.run(move(Path(file.name), Path(keys), Act(act)))))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
