"""`publish`: the same records that any publisher would write (R44)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from notifier.app.publish import renew_event
from notifier.kafka.connections import Cluster
from tests.commands.cast import EVENT, Write, call
from tests.kafka_parts import make_topic, read_all

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


@pytest.mark.holds("R44", "R1")
async def test_publish_sends_events_in_both_modes_and_the_good_examples_of_a_type(
    monkeypatch: pytest.MonkeyPatch,
    cluster: Cluster,
    topic_prefix: str,
    write: Write,
    event: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    topic = await make_topic(cluster, f"{topic_prefix}events")
    monkeypatch.setenv("NOTIFIER_KAFKA__BOOTSTRAP", cluster.bootstrap)
    monkeypatch.setenv("NOTIFIER_KAFKA__TOPIC_PREFIX", topic_prefix)
    monkeypatch.setenv("NOTIFIER_ALLOW_PLAINTEXT", "true")
    path = write("one.json", event)
    entry = SCHEMAS / "events" / "se.1177.inbox.message.received.v1.json"

    assert await call("publish", str(path), str(write("broken.json", b"{broken"))) == 0
    assert await call("publish", "--binary", str(path)) == 0
    assert await call("publish", str(entry)) == 0

    assert capsys.readouterr().out.splitlines()[0] == f"Published 2 records to {topic}."
    structured, broken, binary, *examples = await read_all(cluster, topic)
    assert structured.value == path.read_bytes()
    assert broken.value == b"{broken"
    assert orjson.loads(binary.value) == event["data"]
    assert dict(binary.headers) == {
        "ce_specversion": b"1.0",
        "ce_id": b"received-0001",
        "ce_source": b"urn:se:1177:inkorg",
        "ce_type": b"se.1177.inbox.message.received.v1",
        "ce_subject": b"191212121212",
        "ce_time": event["time"].encode(),
        "content-type": b"application/json",
    }
    good = orjson.loads(entry.read_bytes())["examples"]["good"]
    ids = {orjson.loads(example.value)["id"] for example in examples}
    assert len(ids) == len(good)
    assert not ids & {example["event"]["id"] for example in good}


@pytest.mark.holds("R44")
def test_a_renewed_event_keeps_its_distances_and_gets_an_id_of_its_own() -> None:
    data = {"matter": "m-1", "happens_at": "2026-11-23T08:00:00+01:00"}
    old = {**EVENT, "data": data}
    now = datetime(2027, 1, 1, 12, tzinfo=UTC)

    new = renew_event(old, now)

    assert new["id"] != old["id"]
    assert datetime.fromisoformat(new["time"]) == now
    assert datetime.fromisoformat(new["data"]["happens_at"]) - now == timedelta(hours=23)
    assert new["data"]["matter"] == "m-1"
    assert renew_event({"no": "event"}, now) == {"no": "event"}
