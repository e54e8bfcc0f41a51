"""What the facts of lanes add to the metrics."""

from collections.abc import Callable

from prometheus_client import Counter, Histogram

from notifier.dispatch.lane_facts import Attempted, LaneRead
from notifier.domain.health import Health
from notifier.telemetry.families import Families


class LaneCounting:
    """Counts pushes and shows how lanes are; `lanes` keeps their names few."""

    def __init__(self, families: Families, lanes: Callable[[str], str]) -> None:
        self._families, self._lanes = families, lanes
        self._attempts: dict[tuple[str, ...], tuple[Counter, Histogram, Histogram]] = {}

    def count_attempt(self, fact: Attempted) -> None:
        """Count a push; several thousand a second, so the metrics of each kind are looked up once."""
        key = (fact.lane, fact.platform, fact.kind, fact.outcome, fact.trouble or "none")
        found = self._attempts.get(key)
        if found is None:
            families = self._families
            found = (
                families.attempts.labels(self._lanes(fact.lane), *key[1:]),
                families.reply.labels(self._lanes(fact.lane)),
                families.accepted_after.labels(fact.platform),
            )
            self._attempts[key] = found
        counter, reply, accepted_after = found
        counter.inc()
        reply.observe(fact.took.total_seconds())
        if fact.since_append is not None:
            accepted_after.observe(fact.since_append.total_seconds())

    def show(self, fact: LaneRead) -> None:
        """Show how a lane is."""
        families, lane = self._families, self._lanes(fact.lane)
        families.in_flight.labels(lane).set(fact.in_flight)
        families.limit.labels(lane).set(fact.limit)
        families.connections.labels(lane).set(fact.connections)
        if fact.token_age is not None:
            families.token_age.labels(lane).set(fact.token_age.total_seconds())
        for health in Health:
            families.health.labels(lane, health).set(health is fact.health)
