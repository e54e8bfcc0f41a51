"""Each example event goes through the real decoder and becomes what its file says."""

from datetime import UTC, datetime

import orjson
import pytest

from notifier.domain.events import Event, Mark
from notifier.domain.faults import Poison
from notifier.domain.reasons import DeadLetterReason
from notifier.wire.events import decode
from notifier.wire.keys import Key
from notifier.wire.pseudonyms import Pseudonymiser
from notifier.wire.records import RawRecord
from tests.schemas.files import CATALOGUE, ENTRIES, REGISTER, examples

NOW = datetime(2026, 11, 22, 8, 6, tzinfo=UTC)
PSEUDONYMISER = Pseudonymiser(Key(id=1, secret=bytes(range(32))))


def read(event: dict) -> Event | Mark:
    record = RawRecord(
        topic="1177.events",
        partition=0,
        offset=0,
        key=None,
        headers=(),
        value=orjson.dumps(event),
        timestamp_ms=1_795_334_760_000,
    )
    return decode(record, CATALOGUE, REGISTER, PSEUDONYMISER, NOW)


@pytest.mark.holds("R1", "A1")
@pytest.mark.parametrize("example", [pytest.param(example, id=name) for name, example in examples("good")])
def test_a_good_example_is_read(example: dict) -> None:
    event = example["event"]
    assert CATALOGUE.violation(event["type"], event["data"]) is None
    item = read(event)
    assert (item.source, item.id, item.matter) == (event["source"], event["id"], event["data"]["matter"])
    assert isinstance(item, Mark if ".matter." in event["type"] else Event)


@pytest.mark.holds("R4", "B24")
@pytest.mark.parametrize("example", [pytest.param(example, id=name) for name, example in examples("bad")])
def test_a_bad_example_is_refused_with_its_reason_and_field(example: dict) -> None:
    with pytest.raises(Poison) as poison:
        read(example["event"])
    assert (poison.value.reason.value, poison.value.field) == (example["reason"], example["field"])


@pytest.mark.holds("R1", "B24")
@pytest.mark.parametrize(
    "example",
    [pytest.param(example, id=name) for name, example in examples("bad") if example["reason"] == "schema_violated"],
)
def test_what_the_schema_refuses_names_the_field(example: dict) -> None:
    event = example["event"]
    assert CATALOGUE.violation(event["type"], event["data"]) == example["field"]


@pytest.mark.holds("R1")
@pytest.mark.parametrize("name", ENTRIES)
def test_each_file_has_examples_with_and_without_what_is_optional_and_bad_ones(name: str) -> None:
    found = ENTRIES[name]["examples"]
    assert len({frozenset(example["event"]["data"]) for example in found["good"]}) >= 2
    assert len(found["bad"]) >= 3
    assert sum(example["reason"] == DeadLetterReason.SCHEMA_VIOLATED for example in found["bad"]) >= 2


@pytest.mark.holds("R44")
def test_all_examples_can_be_published_side_by_side() -> None:
    events = [example["event"] for kind in ("good", "bad") for _, example in examples(kind)]
    assert len({(event["source"], event["id"]) for event in events}) == len(events)
    subjects = {}
    for _, example in examples("good"):
        event = example["event"]
        matter = (event["source"], event["data"]["matter"])
        assert subjects.setdefault(matter, event["subject"]) == event["subject"]
