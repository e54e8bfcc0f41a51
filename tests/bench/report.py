"""The figures beside the issue's gates and DESIGN 7's goals, as a table and as JSON."""

from collections.abc import Iterator, Sequence

import msgspec

from tests.bench.filling import Filled
from tests.bench.latency import Latency
from tests.bench.outcomes import Closed
from tests.bench.steps import Steps
from tests.bench.throughput import Throughput
from tests.bench.wires import Wire
from tests.bench.yardstick import Yardstick

GATE_RATE = 500
_MUCH = 0.15
"""Cores that other programs may use before the figures mean little."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one run measured."""

    machine: dict[str, object]
    durability: dict[str, str]
    yardstick: Yardstick
    wire: Wire
    filled: Filled
    latencies: Sequence[Latency]
    throughput: Throughput
    account: Closed

    @property
    def ratio(self) -> float:
        """Pushes a second end to end to the yardstick's."""
        return self.throughput.pushes_per_second / self.yardstick.pushes_per_second

    @property
    def peak_mib(self) -> float:
        """The most memory of any notifier of the run."""
        return max(self.throughput.peak_mib, self.filled.peak_mib, *(one.peak_mib for one in self.latencies))


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A figure beside its gate and its goal."""

    name: str
    value: float
    gate: float | None = None
    goal: float | None = None
    at_most: bool = False

    @property
    def missed(self) -> bool:
        """Say whether the gate is missed."""
        return self.gate is not None and (self.value > self.gate if self.at_most else self.value < self.gate)


def judge(figures: Figures) -> list[Judged]:
    """Put every figure beside what is asked of it."""
    ends = figures.throughput
    return [
        Judged(name="events/s end to end", value=ends.events_per_second, gate=4_000, goal=5_500),
        Judged(name="  over the middle 80 %", value=ends.middle_events_per_second),
        Judged(name="pushes/s end to end", value=ends.pushes_per_second),
        Judged(name="  with the silent ones", value=ends.all_pushes_per_second),
        Judged(name="yardstick, pushes/s", value=figures.yardstick.pushes_per_second),
        *_judge_wire(figures.wire),
        Judged(name="ratio", value=figures.ratio, gate=0.20, goal=0.27),
        Judged(name="CPU per push, us", value=ends.cpu_us_per_push),
        Judged(name="CPU per event, us", value=ends.cpu_us_per_event),
        Judged(name="peak memory, MiB", value=figures.peak_mib, gate=250, goal=250, at_most=True),
        *_judge_latencies(figures.latencies),
        Judged(name="residents/s projected", value=figures.filled.residents_per_second, gate=20_000),
        Judged(name="records not accounted for", value=_missing(figures.account), gate=0, at_most=True),
    ]


def write_table(figures: Figures) -> str:
    """Write everything for people."""
    rows = [f"{'':32}{'measured':>12}{'gate':>10}{'goal':>10}"]
    for one in judge(figures):
        sign = "≤" if one.at_most else "≥"
        gate = "" if one.gate is None else f"{sign} {one.gate:g}"
        goal = "" if one.goal is None else f"{sign} {one.goal:g}"
        rows.append(f"{one.name:32}{one.value:>12,.2f}{gate:>10}{goal:>10}{'  MISSED' if one.missed else ''}")
    rows += ["", *_write_steps("throughput", figures.throughput.steps)]
    for latency in figures.latencies:
        rows += ["", *_write_steps(f"{latency.rate:g} events/s", latency.steps)]
    return "\n".join([*rows, "", *_write_circumstances(figures)])


def write_json(figures: Figures) -> bytes:
    """Write everything for programs, by the names that the issue gives."""
    ends, gated = figures.throughput, _at_gate(figures.latencies)
    told = msgspec.to_builtins(figures)
    return msgspec.json.format(
        msgspec.json.encode(
            {
                "end_to_end": told.pop("throughput") | {"peak_mib": figures.peak_mib},
                "latency_ms": None if gated is None else {"p50": gated.p50, "p95": gated.p95, "p99": gated.p99},
                "ratio": figures.ratio,
                "steps": ends.steps,
                "residents_per_second": figures.filled.residents_per_second,
                **told,
            }
        )
    )


def _judge_wire(wire: Wire) -> Iterator[Judged]:
    yield Judged(name="lanes alone, pushes/s", value=wire.pushes_per_second, gate=15_000)
    yield Judged(name="  CPU per push, us", value=wire.cpu_us_per_push, gate=65, at_most=True)
    yield Judged(name="  where replies take 60 ms", value=wire.at_60ms_per_second, gate=10_000)
    yield Judged(name="  over TLS", value=wire.over_tls_per_second)
    yield Judged(name="stock aioapns, pushes/s", value=wire.aioapns_per_second)
    yield Judged(name="  lanes over TLS to aioapns", value=wire.ratio, gate=3)


def _judge_latencies(latencies: Sequence[Latency]) -> Iterator[Judged]:
    goals = {500: (200, 150), 2_500: (None, 500)}
    for one in latencies:
        gate, goal = goals.get(round(one.rate), (None, None))
        yield Judged(name=f"p50 at {one.rate:g} events/s, ms", value=one.p50)
        yield Judged(name="p95", value=one.p95)
        yield Judged(name="p99", value=one.p99, gate=gate, goal=goal, at_most=True)


def _at_gate(latencies: Sequence[Latency]) -> Latency | None:
    return next((one for one in latencies if one.rate == GATE_RATE), None)


def _missing(account: Closed) -> int:
    return abs(account.produced - account.records) + len(account.differences)


def _write_steps(name: str, steps: Steps) -> Iterator[str]:
    yield f"{'time per step, ' + name:32}{'batches':>12}{'ms/batch':>10}{'us/event':>10}"
    for step, took in steps.items():
        yield f"{step:32}{took.batches:>12,}{took.ms_per_batch:>10.2f}{took.us_per_event:>10.1f}"


def _write_circumstances(figures: Figures) -> Iterator[str]:
    ends, yardstick = figures.throughput, figures.yardstick
    yield f"events {ends.events:,}, pushes {ends.pushes:,}, silent {ends.silent_pushes:,}, owed at the end {ends.owed}"
    yield f"CPU of notifier {ends.cpu_share:.2f} cores; first outcome {ends.until_first_seconds:.1f} s after its start"
    if ends.cores["others"] > _MUCH:
        yield f"NOT ALONE: other programs used {ends.cores['others']:.1f} cores, so these figures are too low."
    yield f"cores used: {', '.join(f'{part} {share:.2f}' for part, share in ends.cores.items())}"
    yield f"fates: {', '.join(f'{name} {count:,.0f}' for name, count in ends.verdicts.items())}"
    yield f"yardstick runs: {', '.join(f'{each:,.0f}' for each in yardstick.each)}, {yardstick.cpu_us_per_push} us each"
    for one in figures.latencies:
        yield (
            f"at {one.rate:g} events/s: produced {one.produced_per_second:,.0f}/s, pushes {one.pushes:,}, longest "
            f"{one.most:,.0f} ms, CPU {one.cpu_share:.2f} cores, owed {one.owed}; by the histogram at the reply "
            f"{', '.join(f'{share:.1%} in {float(bound) * 1e3:g} ms' for bound, share in one.accepted_within.items())}"
        )
    filled = figures.filled
    yield f"filled: {filled.residents:,} residents, {filled.links:,} links, {filled.devices:,} devices"
    yield f"account: {msgspec.to_builtins(figures.account)}"
    yield f"durability: {figures.durability}"
    yield f"machine: {figures.machine}"
