"""Which part of a process is not ready, and why."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from notifier.dispatch.facts import Fact, Gauges, Observe
from notifier.postgres.partitions import LEAST_DAYS_AHEAD

_OLD = timedelta(seconds=15)
"""Three readings that did not come."""


class Readiness:
    """Listens to facts on their way to telemetry, and answers by the last gauges."""

    def __init__(self, observe: Observe, now: Callable[[], datetime]) -> None:
        self._observe = observe
        self._now = now
        self._gauges: Gauges | None = None
        self._read_at: datetime | None = None
        self._kafka_at: datetime | None = None

    def observe(self, fact: Fact) -> None:
        """Pass a fact on."""
        if isinstance(fact, Gauges):
            self._gauges, self._read_at = fact, self._now()
        self._observe(fact)

    def hear_kafka(self) -> None:
        """Remember that Kafka answered."""
        self._kafka_at = self._now()

    def parts(self) -> Mapping[str, Callable[[], str | None]]:
        """Give the parts that `/readyz` asks."""
        return {
            "kafka": lambda: self._ask("Kafka", self._kafka_at),
            "postgres": lambda: self._ask("PostgreSQL", self._read_at),
            "partitions": self._ask_partitions,
            "projections": self._ask_feeds,
        }

    def _ask(self, part: str, answered_at: datetime | None) -> str | None:
        if answered_at is None:
            return f"{part} has not answered yet."
        age = self._now() - answered_at
        return None if age < _OLD else f"{part} has not answered for {age.total_seconds():.0f} s."

    def _ask_partitions(self) -> str | None:
        if self._gauges is None:
            return "The partitions have not been counted yet."
        if self._gauges.days_ahead >= LEAST_DAYS_AHEAD:
            return None
        return f"There are partitions for {self._gauges.days_ahead} days ahead: run `notifier migrate`."

    def _ask_feeds(self) -> str | None:
        if self._gauges is None:
            return "The projections have not been asked yet."
        unread = [
            name
            for name, complete_to in (
                ("residents", self._gauges.residents_complete_to),
                ("proxies", self._gauges.proxies_complete_to),
            )
            if complete_to is None
        ]
        return f"No full heartbeat of {' and '.join(unread)} yet." if unread else None
