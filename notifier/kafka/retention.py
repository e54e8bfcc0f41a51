"""Whether topics may be read as they are set up (A3)."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from notifier.kafka.clusters import Topic

MOST_RETENTION = timedelta(days=14)
"""Shorter than the horizon of 30 days, so that reading a topic again never passes the gate twice (A3, B23)."""
LEAST_BYTES = 320 << 10
"""An event of 256 KiB with its key and headers."""
MOST_BYTES = 8 << 20
"""What is fetched of a partition is held in memory; at least one batch is fetched, however large."""


def judge_topics(topics: Mapping[str, Topic], events: Collection[str], compacted: Collection[str]) -> list[str]:
    """Give every fault of the topics that are read, as sentences; none means that they may be used."""
    missing = [f"Kafka has no topic {name}." for name in (*events, *compacted) if name not in topics]
    faults = [fault for name in events if name in topics for fault in _judge_events(topics[name])]
    faults += [fault for name in compacted if name in topics for fault in _judge_compacted(topics[name])]
    return [*missing, *faults]


def _judge_events(topic: Topic) -> list[str]:
    faults = _judge_size(topic)
    if topic.compacted:
        faults.append(f"Topic {topic.name} is compacted, so events would vanish: set cleanup.policy=delete.")
    if topic.retention is None or topic.retention > MOST_RETENTION:
        kept = "for ever" if topic.retention is None else f"{topic.retention / timedelta(days=1):g} days"
        faults.append(f"Topic {topic.name} keeps events {kept}; at most 14 days are allowed: set retention.ms.")
    return faults


def _judge_compacted(topic: Topic) -> list[str]:
    faults = _judge_size(topic)
    if not topic.compacted:
        faults.append(f"Topic {topic.name} is not compacted, so persons would vanish: set cleanup.policy=compact.")
    return faults


def _judge_size(topic: Topic) -> list[str]:
    if LEAST_BYTES <= topic.most_bytes <= MOST_BYTES:
        return []
    bounds = f"between {LEAST_BYTES} and {MOST_BYTES}"
    return [f"Topic {topic.name} has max.message.bytes={topic.most_bytes}; it must be {bounds}."]
