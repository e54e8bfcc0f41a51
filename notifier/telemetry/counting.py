"""What each fact adds to the metrics."""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import assert_never

from prometheus_client import Counter

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
from notifier.telemetry.bounds import Bounded
from notifier.telemetry.families import Families
from notifier.telemetry.lane_counting import LaneCounting


class Counting:
    """Counts facts; `clock` is the business one, by which projections age."""

    def __init__(self, families: Families, clock: Callable[[], datetime]) -> None:
        self._families = families
        self._clock = clock
        self._lanes, self._topics, self._faults = Bounded(), Bounded(), Bounded()
        self._lane_counting = LaneCounting(families, self._lanes)
        self._complete_to: dict[str, datetime | None] = {"residents": None, "proxies": None}
        for topic in self._complete_to:
            self._families.age.labels(topic).set_function(partial(self._age, topic))

    def watch(self, lane: str, held: Callable[[], int]) -> None:
        """Show what a lane holds whenever somebody asks for the metrics."""
        self._families.lane_held.labels(self._lanes(lane)).set_function(held)

    def count(self, fact: Fact) -> None:  # noqa: C901, PLR0912 - one case per fact, one line each
        """Take one fact."""
        match fact:
            case Attempted():
                self._lane_counting.count_attempt(fact)
            case BatchOpened():
                self._count_batch(fact)
            case BatchHalved():
                self._families.halved.labels(self._faults(fact.fault)).inc()
            case PartitionFenced():
                self._families.fenced.labels(self._topics(fact.topic)).inc()
            case Waited():
                self._families.waits.labels(fact.part, self._faults(fact.fault)).inc()
            case Recorded():
                self._count_recorded(fact)
            case Dropped():
                self._families.dropped.labels(self._lanes(fact.lane), fact.reason).inc(fact.entries)
            case Rejudged():
                self._count_verdicts(self._families.rejudged, fact.verdicts, fact.what)
            case ProjectionApplied():
                self._count_projection(fact)
            case Braked():
                self._families.brakes.labels(self._topics(fact.topic), fact.kind).inc()
            case Relayed():
                self._families.relayed.inc(fact.messages)
            case LaneRead():
                self._lane_counting.show(fact)
            case LaneTurned():
                pass
            case Gauges():
                self._set(fact)
            case _:
                assert_never(fact)

    def _count_batch(self, fact: BatchOpened) -> None:
        topic, families = self._topics(fact.topic), self._families
        fates = {"opened": fact.opened, "mark": fact.marks, "duplicate": fact.duplicates}
        for fate, count in (fates | {"dead_letter": sum(fact.dead_letters.values())}).items():
            families.records.labels(topic, fate).inc(count)
        for reason, count in fact.dead_letters.items():
            families.dead_letters.labels(topic, reason).inc(count)
        self._count_verdicts(families.verdicts, fact.verdicts)
        self._count_ends(fact.ends)
        families.lag.labels(topic).observe(fact.lag.total_seconds())
        for step, took in fact.took.items():
            families.steps.labels(step).observe(took.total_seconds())

    def _count_recorded(self, fact: Recorded) -> None:
        self._families.settlements.inc(fact.settlements)
        self._families.record.observe(fact.took.total_seconds())
        self._count_ends(fact.ends)

    def _count_projection(self, fact: ProjectionApplied) -> None:
        topic = self._topics(fact.topic)
        fates = {"applied": fact.applied, "stale": fact.stale, "dead_letter": fact.dead_letters}
        for fate, count in fates.items():
            self._families.projected.labels(topic, fate).inc(count)
        self._families.projection.labels(topic).observe(fact.took.total_seconds())

    def _count_verdicts(self, family: Counter, verdicts: Mapping[str, int], *labels: str) -> None:
        for name, count in verdicts.items():
            verdict, _, reason = name.partition(":")
            family.labels(*labels, verdict, reason or "none").inc(count)

    def _count_ends(self, ends: Mapping[str, int]) -> None:
        for end, count in ends.items():
            self._families.ends.labels(end).inc(count)

    def _set(self, fact: Gauges) -> None:
        families = self._families
        families.waiting.clear()
        for lane, count in fact.waiting.items():
            families.waiting.labels(self._lanes(lane)).set(count)
        families.held.set(fact.held)
        families.outbox.set(fact.outbox)
        families.quiet.set(fact.quiet)
        families.days_ahead.set(fact.days_ahead)
        families.halts.set(fact.halts)
        families.oldest.set(fact.oldest_waiting.total_seconds())
        families.drift.set(fact.badge_drift)
        self._complete_to = {"residents": fact.residents_complete_to, "proxies": fact.proxies_complete_to}

    def _age(self, topic: str) -> float:
        complete_to = self._complete_to[topic]
        return math.inf if complete_to is None else (self._clock() - complete_to).total_seconds()
