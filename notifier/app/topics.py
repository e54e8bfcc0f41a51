"""The topics before the first record: made where Kafka is embedded, judged where it is not, positions founded."""

from notifier.app.house import House
from notifier.domain.faults import Misconfigured
from notifier.kafka.clusters import create_topics, describe_topics, plan_topics
from notifier.kafka.connections import Cluster
from notifier.kafka.retention import judge_topics
from notifier.postgres.intake_positions import IntakePositions


async def prepare_topics(house: House, cluster: Cluster, *, from_earliest: bool) -> None:
    """Make or judge the topics; `from_earliest` moves the positions of events to where the log starts (A5)."""
    events, compacted = [house.topic("events")], [house.topic("residents"), house.topic("proxies")]
    if house.settings.kafka.bootstrap is None:
        await create_topics(cluster, plan_topics(house.prefix))
    topics = await describe_topics(cluster, [*events, *compacted])
    if faults := judge_topics(topics, events, compacted):
        raise Misconfigured(*faults)
    if from_earliest:
        for topic in events:
            await IntakePositions(house.pool).rewind(topic, topics[topic].starts)
