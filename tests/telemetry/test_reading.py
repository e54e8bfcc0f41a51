"""What the sandbox's page reads from another process's metrics is what that process counted (R42, R45)."""

import io
from datetime import timedelta

import msgspec
import pytest

from notifier.dispatch.facts import BatchOpened
from notifier.dispatch.lane_facts import Attempted
from notifier.telemetry import Telemetry, start_logs
from notifier.telemetry.reading import quantile, read_exposition
from tests.telemetry.cast import FACTS, GAUGES, NOW

INFINITY = float("inf")


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry(start_logs("error", io.BytesIO()), lambda: NOW)


@pytest.mark.holds("R42", "R45")
def test_events_pushes_and_what_waits_are_read_back(telemetry: Telemetry) -> None:
    opened = next(fact for fact in FACTS if isinstance(fact, BatchOpened))
    push = next(fact for fact in FACTS if isinstance(fact, Attempted) and fact.kind == "alert")
    for length in (20, 70, 120):
        telemetry.observe(
            msgspec.structs.replace(push, outcome="accepted", since_append=timedelta(milliseconds=length))
        )
    telemetry.observe(msgspec.structs.replace(push, outcome="again", since_append=None))
    telemetry.observe(opened)
    telemetry.observe(GAUGES)

    read = read_exposition(telemetry.render()[1].decode())
    assert (read.opened, read.accepted) == (opened.opened, 3)
    assert (read.waiting, read.held) == (sum(GAUGES.waiting.values()), GAUGES.held)
    assert [read.accepted_within[bound] for bound in (0.01, 0.025, 0.1, 0.15, INFINITY)] == [0, 1, 2, 3, 3]


@pytest.mark.holds("R42", "R45")
@pytest.mark.parametrize(
    ("within", "share", "seconds"),
    [
        ({}, 0.5, None),
        ({0.1: 0, INFINITY: 0}, 0.5, None),
        ({0.1: 100, INFINITY: 100}, 0.5, 0.05),
        ({0.1: 50, 0.2: 100, INFINITY: 100}, 0.5, 0.1),
        ({0.1: 50, 0.2: 100, INFINITY: 100}, 0.75, 0.15),
        ({0.1: 0, 0.2: 100, INFINITY: 100}, 0.99, 0.199),
        ({0.1: 50, INFINITY: 100}, 0.99, 0.1),
    ],
)
def test_a_quantile_lies_in_a_straight_line_between_two_bounds(
    within: dict[float, float], share: float, seconds: float | None
) -> None:
    assert quantile(within, share) == (None if seconds is None else pytest.approx(seconds))
