"""Publishing events of files to Kafka, as any publisher would (R44)."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from notifier.app.files import Sample, is_event_type, parse, read_samples
from notifier.app.reach import reach_kafka
from notifier.app.terminal import say
from notifier.domain.faults import Misconfigured
from notifier.kafka.producer import OutgoingRecord, ProducerSettings, open_producer
from notifier.settings import Settings

WITHIN = timedelta(seconds=30)
STRUCTURED = (("content-type", b"application/cloudevents+json; charset=UTF-8"),)


async def run(settings: Settings, *, files: Sequence[Path], binary: bool, topic: str | None, renew: bool) -> int:
    """Publish every event of the files, in order, and return when all replicas have them."""
    records = [record for path in files for record in _read(path, binary=binary, renew=renew)]
    to = topic or f"{settings.kafka.topic_prefix}events"
    async with open_producer(ProducerSettings(cluster=reach_kafka(settings), within=WITHIN)) as producer:
        await producer.publish_records(to, records)
    say(f"Published {len(records)} {'record' if len(records) == 1 else 'records'} to {to}.")
    return 0


def renew_event(event: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Give an example as if it happened now: a new id, and every instant moved by the same length."""
    try:
        length = now - datetime.fromisoformat(event["time"])
        data = event["data"]
        moved = {key: _move(data[key], length) for key in ("at", "happens_at") if key in data}
    except (KeyError, TypeError, ValueError):
        return event
    return {**event, "id": uuid.uuid4().hex, "time": now.isoformat(), "data": {**data, **moved}}


def _move(instant: str, length: timedelta) -> str:
    return (datetime.fromisoformat(instant) + length).isoformat()


def _read(path: Path, *, binary: bool, renew: bool) -> Iterator[OutgoingRecord]:
    """Of a type of the catalogue only the good examples, renewed: they are as old as their file."""
    renew = renew or is_event_type(parse(path.read_bytes()) if path.is_file() else None)
    for sample in read_samples(path):
        if sample.reason is None:
            yield _encode(path, sample, binary=binary, renew=renew)


def _encode(path: Path, sample: Sample, *, binary: bool, renew: bool) -> OutgoingRecord:
    event = sample.event
    if isinstance(event, dict) and renew:
        event = renew_event(event, datetime.now(UTC))
    if not binary:
        return OutgoingRecord(value=orjson.dumps(event) if renew else sample.value, headers=STRUCTURED)
    if not isinstance(event, dict):
        raise Misconfigured(f"{path}: {sample.name} is no JSON object, so it has no binary form.")
    attributes = {name: value for name, value in event.items() if name not in ("data", "datacontenttype")}
    headers = [(f"ce_{name}", str(value).encode()) for name, value in attributes.items()]
    content_type = str(event.get("datacontenttype", "application/json")).encode()
    return OutgoingRecord(value=orjson.dumps(event.get("data")), headers=[*headers, ("content-type", content_type)])
