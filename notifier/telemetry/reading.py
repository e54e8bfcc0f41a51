"""What another process of notifier counts, read from its exposition."""

from collections.abc import Mapping

import msgspec
from prometheus_client.parser import text_string_to_metric_families


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A few of its metrics at one moment."""

    opened: float
    accepted: float
    waiting: float
    held: float
    accepted_within: Mapping[float, float]
    """Pushes accepted within so many seconds of Kafka's append; infinity for all."""


def read_exposition(text: str) -> Reading:
    """Read what `/metrics` gave."""
    sums = {"opened": 0.0, "accepted": 0.0, "waiting": 0.0, "held": 0.0}
    within: dict[float, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            match sample.name, sample.labels:
                case "notifier_records_total", {"fate": "opened"}:
                    sums["opened"] += sample.value
                case "notifier_attempts_total", {"outcome": "accepted", "kind": "alert"}:
                    sums["accepted"] += sample.value
                case "notifier_waiting_deliveries", _:
                    sums["waiting"] += sample.value
                case "notifier_held_events", _:
                    sums["held"] += sample.value
                case "notifier_accepted_after_seconds_bucket", {"le": bound}:
                    within[float(bound)] = within.get(float(bound), 0.0) + sample.value
    return Reading(**sums, accepted_within=within)


def quantile(within: Mapping[float, float], share: float) -> float | None:
    """Give the seconds within which that share was accepted, in a straight line between two bounds; None of none."""
    bounds = sorted(within)
    if not bounds or within[bounds[-1]] <= 0:
        return None
    wanted = share * within[bounds[-1]]
    below, lower = 0.0, 0.0
    for bound in bounds:
        if within[bound] >= wanted:
            if bound == float("inf"):
                return lower
            return lower + (bound - lower) * (wanted - below) / (within[bound] - below)
        below, lower = within[bound], bound
    return lower
