"""The real PostgreSQL and Kafka, run as children of ours from packages, for one machine and for tests (R43)."""

from notifier.embedded.children import Child
from notifier.embedded.kafka import KafkaServer, prepare_kafka, run_kafka
from notifier.embedded.postgres import PostgresServer, run_postgres
from notifier.embedded.progress import Progress, say_nothing
from notifier.embedded.state import clear_state, default_folder, open_state

__all__ = [
    "Child",
    "KafkaServer",
    "PostgresServer",
    "Progress",
    "clear_state",
    "default_folder",
    "open_state",
    "prepare_kafka",
    "run_kafka",
    "run_postgres",
    "say_nothing",
]
