"""The topics before the first record: made where Kafka is embedded, judged where it is not, positions founded."""

from collections.abc import Mapping, Sequence

from notifier.app.house import House
from notifier.domain.faults import Misconfigured, Unavailable
from notifier.kafka.clusters import Topic, create_topics, describe_topics, plan_topics
from notifier.kafka.connections import Cluster
from notifier.kafka.retention import judge_topics
from notifier.postgres.intake_positions import IntakePositions


async def prepare_topics(house: House, cluster: Cluster, *, from_earliest: bool) -> None:
    """Make or judge the topics; `from_earliest` moves the positions of events to where the log starts (A5)."""
    events, compacted = [house.topic("events")], [house.topic("residents"), house.topic("proxies")]
    patience = house.patience("kafka")
    if house.settings.kafka.bootstrap is None:
        await patience.insist(lambda: create_topics(cluster, plan_topics(house.prefix)))
    topics = await patience.insist(lambda: _describe(cluster, [*events, *compacted]))
    if faults := judge_topics(topics, events, compacted):
        raise Misconfigured(*faults)
    if from_earliest:
        for topic in events:
            await IntakePositions(house.pool).rewind(topic, topics[topic].starts)


async def _describe(cluster: Cluster, names: Sequence[str]) -> Mapping[str, Topic]:
    """Describe the topics; one that was just made may not have its partitions yet."""
    topics = await describe_topics(cluster, names)
    if any(not topic.starts for topic in topics.values()):
        raise Unavailable("Kafka: a topic has no partitions yet")
    return topics
