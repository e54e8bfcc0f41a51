"""Small files of the sandbox: whole or not at all, also where the disk is full or the power fails."""

from pathlib import Path

from notifier.domain.faults import Misconfigured


def keep(path: Path, content: bytes) -> None:
    """Replace a file; whoever reads it sees the old or the new one."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def is_kept(path: Path) -> bool:
    """Say whether there is such a file."""
    return path.exists()


def spoilt(path: Path) -> Misconfigured:
    """Say that a file cannot be what we wrote, and what to do."""
    return Misconfigured(f"{path} is damaged: start with `make run FRESH=1`, which forgets the last run.")
