"""End to end, open loop: everything lies in Kafka before notifier starts, so that only notifier sets the pace."""

import time
from collections import Counter
from pathlib import Path

import msgspec

from notifier.kafka.producer import ProducerSettings, open_producer
from tests.bench.activity import watching_sessions
from tests.bench.filling import publish
from tests.bench.measured import Metrics, run_notifier
from tests.bench.outcomes import EVENTS, await_outcomes, read_acceptances
from tests.bench.shares import Shares, count_cpu, share_cores
from tests.bench.stage import Stage
from tests.bench.steps import Steps, read_steps, sum_of
from tests.bench.stories import Storyteller

_SILENT = ("kind=badge", "kind=removal")


class Throughput(msgspec.Struct, frozen=True, kw_only=True):
    """Counted between the first recorded outcome and the last; pushes are those of notices, silent ones apart."""

    events: int
    pushes: int
    silent_pushes: int
    owed: int
    elapsed_seconds: float
    until_first_seconds: float
    events_per_second: float
    pushes_per_second: float
    middle_events_per_second: float
    """Over the middle 80 % of the pushes."""
    middle_pushes_per_second: float
    all_pushes_per_second: float
    """With the silent ones."""
    cpu_us_per_push: float
    cpu_us_per_event: float
    cpu_share: float
    """CPU of the process per second, 1.0 being one core."""
    peak_mib: float
    cores: Shares
    """Cores used by each part, from the start of notifier to the end."""
    verdicts: dict[str, float]
    steps: Steps


async def measure_throughput(stage: Stage, teller: Storyteller, events: int, profile: Path | None) -> Throughput:
    """Publish, start notifier, wait until nothing is owed."""
    async with open_producer(ProducerSettings(cluster=stage.cluster)) as producer:
        stories = list(teller.tell(events))
        await publish(producer, EVENTS, [one.key for one in stories], [one.value for one in stories])
        del stories
    started, used = time.time(), count_cpu()
    async with watching_sessions(stage, profile), run_notifier(stage, profile=profile) as measured:
        owed = await await_outcomes(stage, measured, events)
        metrics = await measured.scrape()
        cores = share_cores(used, time.time() - started)
    accepted = await read_acceptances(stage, started)
    if len(accepted) < 100:
        raise SystemExit(f"Only {len(accepted)} pushes were accepted: {_count_verdicts(metrics)}")
    first, last = accepted[0], accepted[-1]
    counted = sum(at > first for at in accepted)
    early, late = accepted[len(accepted) // 10], accepted[len(accepted) * 9 // 10]
    middle = sum(early < at <= late for at in accepted) / (late - early)
    per_push = events / len(accepted)
    silent = round(sum(sum_of(metrics, "notifier_attempts_total", "outcome=accepted", kind) for kind in _SILENT))
    cpu_seconds = measured.cpu_between(first, last)
    return Throughput(
        events=events,
        pushes=len(accepted),
        silent_pushes=silent,
        owed=owed,
        elapsed_seconds=last - first,
        until_first_seconds=first - started,
        events_per_second=counted * per_push / (last - first),
        pushes_per_second=counted / (last - first),
        middle_events_per_second=middle * per_push,
        middle_pushes_per_second=middle,
        all_pushes_per_second=counted * (1 + silent / len(accepted)) / (last - first),
        cpu_us_per_push=cpu_seconds / counted * 1e6,
        cpu_us_per_event=cpu_seconds / counted / per_push * 1e6,
        cpu_share=cpu_seconds / (last - first),
        peak_mib=measured.peak_mib,
        cores=cores,
        verdicts=_count_verdicts(metrics),
        steps=read_steps(metrics),
    )


def _count_verdicts(metrics: Metrics) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for key, value in metrics.items():
        if key.startswith(("notifier_verdicts_total", "notifier_records_total", "notifier_dead_letters_total")):
            counts[key.removeprefix("notifier_").replace("_total", "")] += round(value)
    return dict(counts)
