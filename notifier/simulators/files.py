"""Files that only their owner may read."""

import os
from pathlib import Path


def write_private(path: Path, content: bytes) -> None:
    """Replace `path` by `content`, mode 0600 from its first byte on; a reader sees the old or the new, never half."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    # One of this name is left of a process that was killed while it wrote, and had the same number.
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    fresh.replace(path)
