"""What happens in the sandbox: people move in, events come, phones show them."""

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from notifier.app import publish
from notifier.app.house import House
from notifier.app.moving_in import move_in
from notifier.app.reach import make_cluster
from notifier.app.schemas import schemas_folder
from notifier.app.screen import name_all_phones, show_people, show_phones, show_places
from notifier.kafka.clusters import describe_topics
from notifier.kafka.connections import Cluster
from notifier.kafka.producer import OutgoingRecord, Producer, ProducerSettings, open_producer
from notifier.postgres.surveying import Surveyor
from notifier.sandbox import UNKNOWN, make_links, make_people, write_event, write_heartbeat, write_link, write_resident

HEARTBEAT_EVERY = timedelta(seconds=30)
MARKS_AFTER = timedelta(seconds=4)
_LOOK_EVERY = timedelta(milliseconds=50)
_NOTICED_AFTER = timedelta(seconds=1.2)
"""The path reads once a second how fresh the projections are."""
_STOCKHOLM = ZoneInfo("Europe/Stockholm")


async def play(house: House, ready: asyncio.Event) -> None:
    """Fill the house once it serves, publish the examples, and keep the heart of the feeds beating until cancelled."""
    await ready.wait()
    cluster = make_cluster(house.settings, house.places.bootstrap)
    async with open_producer(ProducerSettings(cluster=cluster)) as producer, asyncio.TaskGroup() as group:
        people = make_people(_today(house))
        show_places(house)
        await move_in(house, people)
        await name_all_phones(house, people)
        await _publish_people(house, producer)
        filled_at = house.clocks.now()
        group.create_task(_beat(house, cluster, producer))
        await _await_projections(house, filled_at)
        show_people(people)
        group.create_task(show_phones(house, _log_of_simulators(house)))
        await _publish_events(house, producer)


def _log_of_simulators(house: House) -> Path:
    return (house.places.state or Path()) / "simulators" / "simulators.log"


def _today(house: House) -> date:
    return house.clocks.now().astimezone(_STOCKHOLM).date()


async def _publish_people(house: House, producer: Producer) -> None:
    today = _today(house)
    for name, pairs in (
        ("residents", [write_resident(person) for person in make_people(today)]),
        ("proxies", [write_link(link) for link in make_links(today)]),
    ):
        await producer.publish_records(
            house.topic(name), [OutgoingRecord(key=key, value=value) for key, value in pairs]
        )


async def _beat(house: House, cluster: Cluster, producer: Producer) -> None:
    """Say again and again that the feeds are complete (B21)."""
    topics = [house.topic("residents"), house.topic("proxies")]
    partitions = {topic: sorted(found.ends) for topic, found in (await describe_topics(cluster, topics)).items()}
    while True:
        for topic, numbers in partitions.items():
            await producer.publish_records(topic, [_heartbeat(house, number) for number in numbers])
        await asyncio.sleep(HEARTBEAT_EVERY.total_seconds())


def _heartbeat(house: House, partition: int) -> OutgoingRecord:
    key, value = write_heartbeat(partition, house.clocks.now())
    return OutgoingRecord(key=key, value=value, partition=partition)


async def _await_projections(house: House, since: datetime) -> None:
    """Return when everybody sees residents and proxies complete up to the instant: what comes earlier is held."""
    surveyor = Surveyor(house.pool, house.topic("residents"), house.topic("proxies"))
    while True:
        known = (await surveyor.survey()).freshness
        ends = (known.residents_complete_to, known.proxies_complete_to)
        if all(end is not None and end >= since for end in ends):
            break
        await asyncio.sleep(_LOOK_EVERY.total_seconds())
    await asyncio.sleep(_NOTICED_AFTER.total_seconds())


async def _publish_events(house: House, producer: Producer) -> None:
    """Publish a message for each of the people and one for nobody, then every good example, then their marks."""
    topic, now = house.topic("events"), house.clocks.now()
    subjects = [person.number for person in make_people(_today(house))] + [UNKNOWN]
    await producer.publish_records(
        topic, [OutgoingRecord(value=write_event(number, f"hello-{at}", now)) for at, number in enumerate(subjects)]
    )
    for folder in ("events", "marks"):
        files = sorted((schemas_folder(house.settings) / folder).glob("*.json"))
        await publish.run(house.settings, files=files, binary=False, topic=None, renew=True)
        await asyncio.sleep(MARKS_AFTER.total_seconds())
