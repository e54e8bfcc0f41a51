"""Each test says what it holds, and only of what exists."""

import re
import subprocess
import sys
import tomllib

import msgspec
import pytest

from tests.house.code import ROOT
from tests.traceability import Held, find_missing, read_known, report

KNOWN = read_known()


@pytest.fixture(scope="module")
def held() -> list[Held]:
    """Collect every test in a process of its own: collecting imports what this one has already imported."""
    words = (sys.executable, "-m", "tests.traceability", "--json")
    done = subprocess.run(words, cwd=ROOT, capture_output=True, timeout=100)
    assert done.returncode == 0, done.stderr.decode()
    return msgspec.json.decode(done.stdout, type=list[Held])


@pytest.mark.holds("R44")
def test_every_test_names_what_it_holds(held: list[Held]) -> None:
    assert [one.test for one in held if not one.ids] == []


@pytest.mark.holds("R44")
def test_tests_name_only_what_exists(held: list[Held]) -> None:
    assert {name for one in held for name in one.ids} - set(KNOWN.title) == set()


@pytest.mark.holds("R44")
def test_an_id_without_a_test_is_found() -> None:
    tests = [Held(test="tests/a.py::test_b", ids=("R1",))]
    lines = report(KNOWN, tests)
    assert "R2" in find_missing(KNOWN, tests)
    assert "R1" not in find_missing(KNOWN, tests)
    assert "       tests/a.py::test_b" in lines


@pytest.mark.holds("R44")
def test_the_table_knows_every_id_once_and_postpones_only_what_it_knows() -> None:
    kinds = {"R": range(1, 46), "I": range(1, 13), "A": range(1, 39)}
    expected = {f"{kind}{number}" for kind, numbers in kinds.items() for number in numbers}
    rules = {name for name in KNOWN.title if re.fullmatch(r"B[1-9]\d?", name)}
    assert set(KNOWN.title) == expected | rules
    assert set(KNOWN.title) >= KNOWN.later


@pytest.mark.holds("R44")
def test_markers_are_strict() -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    assert {"--strict-markers", "--strict-config"} <= set(options["addopts"])
    assert options["filterwarnings"] == ["error"]
