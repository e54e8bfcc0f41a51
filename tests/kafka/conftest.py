"""The session's Kafka for the tests of this folder."""

from tests.kafka_parts import cluster, kafka_server, topic_prefix

__all__ = ["cluster", "kafka_server", "topic_prefix"]
