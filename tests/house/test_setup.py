"""The first `make`: what a person sees while packages are fetched, and that Ctrl-C leaves nothing behind."""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.house.code import ROOT

pytestmark = pytest.mark.holds("R43")

NAMES = [f"package{number}" for number in range(1, 24)]
LOCK = "".join(f"{name}==1.0 \\\n    --hash=sha256:00\n    # via others\n" for name in [*NAMES, "colorama"])
WORDS = [
    "Looking in links: elsewhere",
    """Ignoring colorama: markers 'sys_platform == "win32"' don't match your environment""",
    *(f"Requirement already satisfied: {name}==1.0 in ./.venv (from -r requirements.lock)" for name in NAMES[:5]),
    *(f"Collecting {name}==1.0 (from -r requirements.lock)\n  Downloading {name}.whl (3 MB)" for name in NAMES[5:]),
    "Installing collected packages: package7, package6",
]
PYTHON = """#!/bin/sh
case "$*" in
    *--require-hashes*) {pip} ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Make a checkout that consists of its setup alone."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "setup", tmp_path / ".ci" / "setup")
    (tmp_path / "requirements.lock").write_text(LOCK)
    (tmp_path / "words").write_text("\n".join(WORDS) + "\n")
    return tmp_path


def set_up(checkout: Path, pip: str) -> subprocess.Popen[str]:
    """Start the setup where pip is what is given."""
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(PYTHON.format(pip=pip))
    python.chmod(0o755)
    pipe = subprocess.PIPE
    # Whoever runs the tests in the background of a shell has it ignore Ctrl-C, and children inherit that.
    words = ("env", "--default-signal=INT", "sh", str(checkout / ".ci" / "setup"))
    return subprocess.Popen(
        words,
        cwd=checkout,
        stdout=pipe,
        stderr=pipe,
        text=True,
        start_new_session=True,
    )


def test_a_line_for_every_tenth_package_says_how_many_are_left(checkout: Path) -> None:
    said, faults = set_up(checkout, "cat words").communicate(timeout=20)
    assert said.splitlines()[1:] == [
        "  packages: 10 of 23, package10",
        "  packages: 20 of 23, package20",
        "  packages: 23 of 23 are here, now they are put in place",
    ]
    assert faults == ""
    assert "Downloading package7.whl" in (checkout / "build" / "setup.log").read_text()


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("No space left on device", "make: The disk is full: free about 1 GB and repeat."),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "make: A package is not the one that was locked, so nothing"),
        ("Temporary failure in name resolution", "make: The packages could not be fetched: connect to the network"),
        ("a riddle", "make: The packages could not be installed: build/setup.log says why."),
    ],
)
def test_what_goes_wrong_is_one_sentence(checkout: Path, word: str, sentence: str) -> None:
    setup = set_up(checkout, f"cat words; echo 'ERROR: {word}' >&2; exit 3")
    _, faults = setup.communicate(timeout=20)
    assert setup.returncode == 1
    assert faults.startswith(sentence)
    assert len(faults.splitlines()) == 1


def test_ctrl_c_ends_all_of_it(checkout: Path) -> None:
    setup = set_up(checkout, "cat words; sleep 60")
    assert setup.stdout is not None
    while "20 of 23" not in setup.stdout.readline():
        pass
    # A shell that is just making a process may have it miss the signal.
    wait_for_sleep(setup.pid)
    os.killpg(setup.pid, signal.SIGINT)
    setup.communicate(timeout=5)
    assert setup.returncode in (-signal.SIGINT, 128 + signal.SIGINT)
    deadline = time.monotonic() + 5
    while is_anybody_left(setup.pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_drives_a_browser_is_locked_with_hashes_and_agrees_with_the_other_lock() -> None:
    ours, browsers = (read_pins(ROOT / name) for name in ("requirements.lock", ".ci/browser.lock"))
    wanted = (ROOT / ".ci" / "browser.in").read_text().split()
    assert set(wanted) <= set(browsers)
    assert not set(wanted) & set(ours)
    assert {name: (ours[name], pin) for name, pin in browsers.items() if ours.get(name, pin) != pin} == {}


def read_pins(lock: Path) -> dict[str, str]:
    """Give the version of each package; each has a hash, and no line says where from."""
    text = lock.read_text("utf-8")
    entries = re.findall(r"^([a-z0-9._-]+)==(\S+)[^\\\n]*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert len(entries) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 0
    assert "://" not in text
    return dict(entries)


def wait_for_sleep(group: int) -> None:
    deadline = time.monotonic() + 10
    while ("sleep", group) not in {read_stat(path) for path in Path("/proc").glob("[0-9]*/stat")}:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def read_stat(path: Path) -> tuple[str, int]:
    """Give the name and the group of a process; nothing of one that has just ended."""
    try:
        name, _, rest = path.read_text("utf-8", errors="replace").partition(" (")[2].rpartition(") ")
    except OSError:
        return "", 0
    return name, int(rest.split()[2])


def is_anybody_left(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
