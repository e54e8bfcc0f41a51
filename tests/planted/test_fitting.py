"""A planted fault that no longer fits the code would find nothing: `python -m tests.planted` runs them all."""

import pytest

from tests.planted.__main__ import ROOT
from tests.planted.faults import FAULTS, Fault


@pytest.mark.holds("I3")
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "_"))
def test_a_planted_fault_fits_the_code_in_one_place(fault: Fault) -> None:
    assert (ROOT / fault.path).read_text("utf-8").count(fault.before) == 1
    assert fault.before != fault.after


@pytest.mark.holds("I3")
def test_the_table_names_every_planted_fault() -> None:
    table = (ROOT / "tests" / "README.md").read_text("utf-8")
    assert [fault.name for fault in FAULTS if f"| {fault.name} |" not in table] == []
