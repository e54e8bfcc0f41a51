"""Plants each fault in a copy of the tree and runs the test that is to find it: `python -m tests.planted [word …]`.

Without words every fault is planted; with words those whose names hold one of them. Exit 1 if one is not found.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.planted.faults import FAULTS, Fault

ROOT = Path(__file__).resolve().parents[2]
_COPIED = ("notifier", "schemas", "tests", "pyproject.toml")


def main(words: list[str]) -> int:
    chosen = [fault for fault in FAULTS if not words or any(word in fault.name for word in words)]
    missed = [fault.name for fault in chosen if not _is_found(fault)]
    print(f"{len(chosen) - len(missed)} of {len(chosen)} planted faults were found")
    return 1 if missed else 0


def _is_found(fault: Fault) -> bool:
    with tempfile.TemporaryDirectory(prefix="notifier-planted-") as folder:
        tree = copy_tree(Path(folder))
        plant(tree, fault)
        began = time.monotonic()
        found, said = run(tree, fault)
        print(f"{'found' if found else 'MISSED':7} {time.monotonic() - began:5.1f} s  {fault.name}", flush=True)
        if not found:
            print(said[-2000:])
        return found


def copy_tree(folder: Path) -> Path:
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / name)
    return folder


def plant(tree: Path, fault: Fault) -> None:
    """Replace the text; it must stand there exactly once, or the fault no longer fits the code."""
    path = tree / fault.path
    text = path.read_text("utf-8")
    if text.count(fault.before) != 1:
        raise SystemExit(f"{fault.path}: {text.count(fault.before)} times: {fault.before!r} ({fault.name})")
    path.write_text(text.replace(fault.before, fault.after), "utf-8")


def run(tree: Path, fault: Fault) -> tuple[bool, str]:
    """Run the test in the copy; found means that it failed by an assertion or a seed, not by itself."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", *fault.found_by]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=300)
    said = done.stdout + done.stderr
    words = " failed" if fault.found_by[0] == "pytest" else "repeat it with"
    return done.returncode == 1 and words in said, said


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
