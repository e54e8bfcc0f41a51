"""Every metric there is, in a registry of its own; each label has few values, all of them known beforehand."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

_QUICK = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_REPLY = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_TRAVEL = (0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)


class Families:
    """The metrics by what they count."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        self._count()
        self._time()
        self._stand()

    def _count(self) -> None:
        self.records = self._counter("records", "Records of the event topics by their first fate", "topic", "fate")
        self.verdicts = self._counter("verdicts", "Notices by what was decided", "verdict", "reason")
        self.dead_letters = self._counter("dead_letters", "Records that could not be used", "topic", "reason")
        self.ends = self._counter("ends", "Events by how they ended", "end")
        self.attempts = self._counter("attempts", "Pushes by answer", "lane", "platform", "kind", "outcome", "trouble")
        self.settlements = self._counter("settlements", "Answers that were recorded")
        self.halved = self._counter("halved_batches", "Batches that had to be tried in halves", "fault")
        self.fenced = self._counter("fenced_partitions", "Partitions found with another owner", "topic")
        self.waits = self._counter("waits", "Pauses because a part could not work", "part", "fault")
        self.dropped = self._counter("dropped", "Entries that a lane let go of", "lane", "reason")
        self.rejudged = self._counter("rejudged", "Notices judged again", "what", "verdict", "reason")
        self.projected = self._counter("projection_records", "Records of projections by fate", "topic", "fate")
        self.relayed = self._counter("relayed_messages", "Messages that Kafka acknowledged")
        self.brakes = self._counter("brakes", "Mass-change brakes that closed", "topic", "kind")

    def _time(self) -> None:
        self.lag = self._histogram("intake_lag_seconds", "From Kafka's append to ours", _TRAVEL, "topic")
        self.accepted_after = self._histogram(
            "accepted_after_seconds", "From Kafka's append to the provider's acceptance", _TRAVEL, "platform"
        )
        self.reply = self._histogram("provider_reply_seconds", "Until a provider answered", _REPLY, "lane")
        self.steps = self._histogram("step_seconds", "Per step and batch", _QUICK, "step")
        self.record = self._histogram("record_seconds", "Recording settlements, per batch", _QUICK)
        self.projection = self._histogram("projection_seconds", "Storing a batch of a projection", _QUICK, "topic")

    def _stand(self) -> None:
        self.waiting = self._gauge("waiting_deliveries", "Deliveries that wait", "lane")
        self.held = self._gauge("held_events", "Events that wait to be judged again")
        self.outbox = self._gauge("outbox_rows", "Rows owed to Kafka")
        self.quiet = self._gauge("quiet_pushes", "Devices owed a badge or a removal")
        self.age = self._gauge("projection_age_seconds", "Now minus complete_to; infinite before the first", "topic")
        self.days_ahead = self._gauge("days_ahead", "Days that have partitions")
        self.halts = self._gauge("halts", "Halts in force")
        self.oldest = self._gauge("oldest_waiting_seconds", "Age of the oldest delivery that waits")
        self.drift = self._gauge("badge_drift", "Badges that a recount found wrong")
        self.lane_held = self._gauge("lane_held", "Deliveries that a lane of this process holds", "lane")
        self.in_flight = self._gauge("in_flight", "Requests to a provider without answer yet", "lane")
        self.limit = self._gauge("in_flight_limit", "Requests that its connections allow at one time", "lane")
        self.connections = self._gauge("connections", "Connections that are warm", "lane")
        self.token_age = self._gauge("provider_token_age_seconds", "Age of what authorizes us", "lane")
        self.health = self._gauge("lane_health", "1 for what a lane is, 0 for what it is not", "lane", "health")

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"notifier_{name}", f"{text}.", labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"notifier_{name}", f"{text}.", labels, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"notifier_{name}", f"{text}.", labels, buckets=buckets, registry=self.registry)
