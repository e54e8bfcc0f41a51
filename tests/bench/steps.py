"""Where the time of the path goes, from its own metrics."""

import re

import msgspec

from tests.bench.measured import Metrics

_STEP = re.compile(r"notifier_step_seconds_sum\{step=(.+)\}")


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step; wall-clock time, in which other batches ran too."""

    batches: int
    ms_per_batch: float
    us_per_event: float


Steps = dict[str, Step]


def subtract(after: Metrics, before: Metrics) -> Metrics:
    """Give what was counted in between."""
    return {key: value - before.get(key, 0.0) for key, value in after.items()}


def sum_of(metrics: Metrics, name: str, *labels: str) -> float:
    """Sum the samples of a name that carry all these labels, written `label=value`."""
    parts = ((key.rstrip("}").partition("{"), value) for key, value in metrics.items())
    return sum(value for (stem, _, said), value in parts if stem == name and set(labels) <= set(said.split(",")))


def read_steps(metrics: Metrics) -> Steps:
    """Read all steps: those of opening per record read, recording per settlement."""
    records = sum(value for key, value in metrics.items() if key.startswith("notifier_records_total"))
    steps = {
        match[1]: _step(total, metrics[key.replace("_sum{", "_count{")], records)
        for key, total in metrics.items()
        if (match := _STEP.fullmatch(key))
    }
    settlements = metrics.get("notifier_settlements_total{}", 0)
    total, batches = metrics["notifier_record_seconds_sum{}"], metrics["notifier_record_seconds_count{}"]
    replies = [key for key in metrics if key.startswith("notifier_provider_reply_seconds_sum")]
    steps["record"] = _step(total, batches, settlements)
    for key in replies:
        answered = metrics[key.replace("_sum{", "_count{")]
        steps[f"reply {key.partition('=')[2].rstrip('}')}"] = _step(metrics[key], answered, answered)
    return steps


def _step(total_seconds: float, batches: float, events: float) -> Step:
    return Step(
        batches=round(batches),
        ms_per_batch=total_seconds / max(batches, 1) * 1e3,
        us_per_event=total_seconds / max(events, 1) * 1e6,
    )
