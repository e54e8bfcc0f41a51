"""From Kafka's append to the provider's acceptance, at a fixed rate that waits for nobody."""

import asyncio
import time
from pathlib import Path

import msgspec
import orjson
from aiokafka import AIOKafkaProducer, TopicPartition

from notifier.kafka.counting import open_loner
from tests.bench.measured import Metrics, run_notifier
from tests.bench.outcomes import EVENTS, await_outcomes, read_ends
from tests.bench.stage import Stage
from tests.bench.steps import Steps, read_steps, subtract, sum_of
from tests.bench.stories import Story, Storyteller

_TICK_SECONDS = 0.01
_WARM_SECONDS = 2
_BOUNDS = ("0.05", "0.1", "0.15", "0.2", "0.5", "1.0")
_ACCEPTED = """
select e.id, extract(epoch from d.accepted_at)::float8 at
  from event e join delivery d on d.day = e.day and d.event = e.key
 where d.accepted_at is not null and e.id = any($1)
"""


class Latency(msgspec.Struct, frozen=True, kw_only=True):
    """Of every push of the run, in ms; `accepted_at` is taken when the outcome is recorded: an upper bound."""

    rate: float
    events: int
    produced: int
    """With those that warmed it."""
    pushes: int
    owed: int
    produced_per_second: float
    p50: float
    p95: float
    p99: float
    most: float
    cpu_share: float
    peak_mib: float
    accepted_within: dict[str, float]
    """Share of pushes by notifier's own histogram, taken when the provider answers; the bounds are seconds."""
    steps: Steps


async def measure_latency(
    stage: Stage, teller: Storyteller, rate: float, seconds: float, profile: Path | None
) -> Latency:
    """Start notifier, warm it, produce at the rate, wait until nothing is owed."""
    warm, stories = list(teller.tell(round(rate * _WARM_SECONDS))), list(teller.tell(round(rate * seconds)))
    async with run_notifier(stage, profile=profile) as measured:
        await measured.await_readiness()
        await _produce(stage, warm, rate)
        await await_outcomes(stage, measured, len(warm))
        before, ends, began = await measured.scrape(), await read_ends(stage), time.time()
        await _produce(stage, stories, rate)
        ended = time.time()
        owed = await await_outcomes(stage, measured, len(stories))
        metrics = subtract(await measured.scrape(), before)
    taken = await _read_latencies(stage, ends)
    if not taken:
        raise SystemExit(f"No push was accepted within {seconds:g} s of measuring at {rate} events/s: measure longer.")
    return Latency(
        rate=rate,
        events=len(stories),
        produced=len(warm) + len(stories),
        pushes=len(taken),
        owed=owed,
        produced_per_second=len(stories) / (ended - began),
        p50=_quantile(taken, 0.5),
        p95=_quantile(taken, 0.95),
        p99=_quantile(taken, 0.99),
        most=taken[-1],
        cpu_share=measured.cpu_between(began, ended) / (ended - began),
        peak_mib=measured.peak_mib,
        accepted_within=_read_shares(metrics),
        steps=read_steps(metrics),
    )


async def _produce(stage: Stage, stories: list[Story], rate: float) -> None:
    """Send each record when it is due, whatever became of those before."""
    async with AIOKafkaProducer(
        bootstrap_servers=stage.cluster.bootstrap, acks="all", enable_idempotence=True
    ) as producer:
        sent: list[asyncio.Future[object]] = []
        began = time.perf_counter()
        while len(sent) < len(stories):
            due = min(len(stories), int((time.perf_counter() - began) * rate))
            sent += [await producer.send(EVENTS, story.value, key=story.key) for story in stories[len(sent) : due]]
            await asyncio.sleep(_TICK_SECONDS)
        await asyncio.gather(*sent)


async def _read_latencies(stage: Stage, starts: dict[int, int]) -> list[float]:
    """Join Kafka's append times by event id with the outcomes; in ms, the shortest first."""
    appended = await _read_appends(stage, starts)
    rows = await stage.pool.fetch(_ACCEPTED, list(appended))
    return sorted(row["at"] * 1e3 - appended[row["id"]] for row in rows)


async def _read_appends(stage: Stage, starts: dict[int, int]) -> dict[str, int]:
    """Give the time of Kafka's append in ms by event id, of what was appended since `starts`."""
    appended: dict[str, int] = {}
    ends = await read_ends(stage)
    async with open_loner(stage.cluster) as client:
        pending = {TopicPartition(EVENTS, number) for number, end in ends.items() if starts[number] < end}
        client.assign(list(pending))
        for partition in pending:
            client.seek(partition, starts[partition.partition])
        while pending:
            for records in (await client.getmany(*pending, timeout_ms=1_000)).values():
                appended |= {orjson.loads(record.value)["id"]: record.timestamp for record in records}
            pending -= {one for one in pending if await client.position(one) >= ends[one.partition]}
    return appended


def _read_shares(metrics: Metrics) -> dict[str, float]:
    name, every = "notifier_accepted_after_seconds", sum_of(metrics, "notifier_accepted_after_seconds_count")
    return {bound: sum_of(metrics, f"{name}_bucket", f"le={bound}") / max(every, 1) for bound in _BOUNDS}


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
