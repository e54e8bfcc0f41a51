"""A fact as a log line: how loud, and its fields with units in their names."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal, assert_never

import msgspec

from notifier.dispatch.facts import (
    BatchHalved,
    BatchOpened,
    Braked,
    Fact,
    Gauges,
    PartitionFenced,
    ProjectionApplied,
    Recorded,
    Rejudged,
    Relayed,
    Waited,
)
from notifier.dispatch.lane_facts import Attempted, Dropped, LaneRead, LaneTurned
from notifier.domain.health import Health

Level = Literal["debug", "info", "warning", "error"]
_WORD = re.compile(r"(?<!^)(?=[A-Z])")


def level_of(fact: Fact) -> Level | None:
    """Say how loud a fact is; None for those that come thousands a second or every few, and are metrics only."""
    match fact:
        case Attempted() | Gauges() | LaneRead():
            return None
        case BatchOpened() | ProjectionApplied() | Recorded() | Relayed():
            return "debug"
        case Dropped() | PartitionFenced() | Rejudged():
            return "info"
        case BatchHalved() | Waited():
            return "warning"
        case LaneTurned():
            return "error" if fact.health is Health.STOPPED or fact.key_refused else "warning"
        case Braked():
            return "error"
        case _:
            assert_never(fact)


def name_of(fact: Fact) -> str:
    """Give the name of a fact's line: `batch_opened`."""
    return _WORD.sub("_", type(fact).__name__).lower()


def fields_of(fact: Fact) -> dict[str, object]:
    """Give the fields of a fact, durations in seconds."""
    return dict(_field(name, value) for name, value in msgspec.structs.asdict(fact).items())


def _field(name: str, value: object) -> tuple[str, object]:
    if isinstance(value, timedelta):
        return f"{name}_seconds", value.total_seconds()
    if isinstance(value, Mapping) and any(isinstance(one, timedelta) for one in value.values()):
        return f"{name}_seconds", {key: one.total_seconds() for key, one in value.items()}
    return name, value
