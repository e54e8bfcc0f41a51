"""The list of crash points is the path's: no point that nothing reaches, none that no test can name."""

import re
from pathlib import Path

import pytest

from notifier.app.crashes import POINTS, make_reach
from notifier.domain.faults import Misconfigured

_ROOM = Path(__file__).resolve().parents[2] / "notifier"
_CALL = re.compile(r"reach\(\s*\"([a-z_.]+)\"")


@pytest.mark.holds("I1", "I3")
def test_every_point_that_code_reaches_is_listed_and_the_other_way_round() -> None:
    reached = [point for path in _ROOM.rglob("*.py") for point in _CALL.findall(path.read_text("utf-8"))]

    assert sorted(reached) == sorted(POINTS)


@pytest.mark.holds("I3")
@pytest.mark.parametrize("wrong", ["open.sometime", "open.after_commit:soon", ""])
def test_a_point_that_does_not_exist_stops_the_process_at_its_start(wrong: str) -> None:
    with pytest.raises(Misconfigured, match="is no crash point"):
        make_reach(wrong)


@pytest.mark.holds("I3")
def test_without_a_point_every_point_is_passed_alive() -> None:
    reach = make_reach(None)

    for point in POINTS:
        reach(point)
