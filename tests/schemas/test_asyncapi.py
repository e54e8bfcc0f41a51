"""AsyncAPI and the message schemas: every reference resolves, every example is valid, nothing is left out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from posixpath import dirname, join, normpath

import orjson
import pytest

from notifier.domain.reasons import DeadLetterReason, End, PublicReason
from notifier.domain.statuses import State
from notifier.wire.contract import read_contract
from notifier.wire.keys import Key
from notifier.wire.letters import encode_dead_letter
from notifier.wire.proxies import decode_proxy
from notifier.wire.pseudonyms import Pseudonymiser
from notifier.wire.records import DeadLetter, Position, RawRecord
from notifier.wire.residents import decode_resident
from notifier.wire.statuses import encode_status
from tests.schemas.files import CATALOGUE, ENTRIES, FILES, examples

CONTRACT = read_contract(FILES)
API = CONTRACT.documents["asyncapi.json"]
MESSAGES = API["components"]["messages"]
PSEUDONYMISER = Pseudonymiser(Key(id=1, secret=bytes(range(32))))
SCHEMAS = [name for name in FILES if name.startswith("messages/")]


def references(node: object) -> Iterator[str]:
    """Give each `$ref` in a document; what stands in `examples` is data."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for name, child in node.items():
            if name != "examples":
                yield from references(child)
    elif isinstance(node, list):
        for child in node:
            yield from references(child)


def resolve(name: str, reference: str) -> object:
    path, _, fragment = reference.partition("#")
    node: object = CONTRACT.documents[normpath(join(dirname(name), path)) if path else name]
    for step in fragment.split("/")[1:]:
        node = node[step.replace("~1", "/").replace("~0", "~")]
    return node


def validate(message: str, value: object) -> bool:
    schema = MESSAGES[message]["payload"]["schema"]
    return CONTRACT.compile("asyncapi.json", schema).is_valid(value)


def record(key: bytes, value: dict) -> RawRecord:
    return RawRecord(
        topic="1177.residents",
        partition=0,
        offset=0,
        key=key,
        headers=(),
        value=orjson.dumps(value),
        timestamp_ms=0,
    )


def message_of(event_type: str) -> str:
    return event_type if event_type in MESSAGES else event_type.split(".", 3)[3]


@pytest.mark.holds("R44")
def test_every_reference_of_every_file_resolves() -> None:
    found = [(name, ref) for name, document in CONTRACT.documents.items() for ref in references(document)]
    assert len(found) > 150
    assert all(resolve(name, ref) is not None for name, ref in found)
    assert not CONTRACT.faults


@pytest.mark.holds("R44", "B21", "B26")
def test_the_channels_are_the_topics_of_the_design() -> None:
    topics = {channel["address"]: set(channel["messages"]) for channel in API["channels"].values()}
    events = {*CATALOGUE.types, *CATALOGUE.marks}
    assert topics == {
        "1177.events": events,
        "1177.events.{publisher}": events,
        "1177.residents": {"resident", "heartbeat"},
        "1177.proxies": {"proxy", "heartbeat"},
        "1177.status": {"status"},
        "1177.settings": {"settings"},
        "1177.dead-letters": {"dead-letter"},
    }
    policies = {
        channel["address"]: channel.get("bindings", {}).get("kafka", {}).get("topicConfiguration", {})
        for channel in API["channels"].values()
    }
    compacted = {address for address, policy in policies.items() if policy.get("cleanup.policy") == ["compact"]}
    assert compacted == {"1177.residents", "1177.proxies", "1177.settings"}
    assert policies["1177.events"]["retention.ms"] == 14 * 24 * 3600 * 1000


@pytest.mark.holds("R44")
def test_what_comes_in_is_received_and_what_goes_out_is_sent() -> None:
    actions = {
        resolve("asyncapi.json", operation["channel"]["$ref"])["address"]: operation["action"]
        for operation in API["operations"].values()
    }
    inwards = {"1177.events", "1177.events.{publisher}", "1177.residents", "1177.proxies"}
    assert {address for address, action in actions.items() if action == "receive"} == inwards
    assert {address for address, action in actions.items() if action == "send"} == {
        "1177.status",
        "1177.settings",
        "1177.dead-letters",
    }


@pytest.mark.holds("R44")
@pytest.mark.parametrize("name", SCHEMAS)
def test_the_examples_of_a_message_validate(name: str) -> None:
    document = CONTRACT.documents[name]
    validator = CONTRACT.compile(name, document)
    assert document["examples"]
    assert all(validator.is_valid(example) for example in document["examples"])
    assert not validator.is_valid({})


@pytest.mark.holds("R44", "R1")
@pytest.mark.parametrize("name", ENTRIES)
def test_the_example_events_validate_as_messages(name: str) -> None:
    good = ENTRIES[name]["examples"]["good"]
    assert all(validate(message_of(example["event"]["type"]), example["event"]) for example in good)


@pytest.mark.holds("R44")
def test_an_event_with_a_violated_field_is_no_valid_message() -> None:
    bad = [example["event"] for _, example in examples("bad") if example["reason"] == "schema_violated"]
    assert not any(validate(message_of(event["type"]), event) for event in bad)


@pytest.mark.holds("B6", "A27")
def test_status_knows_every_state_and_only_public_reasons() -> None:
    properties = CONTRACT.documents["messages/status.json"]["properties"]
    before = {"accepted", "duplicate", "rejected", "held", "pushed", "sms_sent", "email_sent"}
    assert set(properties["state"]["enum"]) == before | {end.value for end in End}
    public = {reason.value for reason in (*PublicReason, *DeadLetterReason)}
    assert set(properties["reason"]["enum"]) == {*public, None}


@pytest.mark.holds("R4", "B24")
def test_dead_letter_reasons_are_the_same_everywhere() -> None:
    reasons = [reason.value for reason in DeadLetterReason]
    bad = CONTRACT.documents["catalogue.schema.json"]["$defs"]["examples"]["properties"]["bad"]
    assert sorted(bad["items"]["properties"]["reason"]["enum"]) == sorted(reasons)
    assert sorted(CONTRACT.documents["messages/dead-letter.json"]["properties"]["reason"]["enum"]) == sorted(reasons)


@pytest.mark.holds("R4", "B24")
@pytest.mark.parametrize("reason", DeadLetterReason)
@pytest.mark.parametrize(("source", "name"), [("urn:se:1177:tidbok", "c-14"), (None, None)])
def test_a_dead_letter_goes_out_as_its_schema_says(
    reason: DeadLetterReason, source: str | None, name: str | None
) -> None:
    position = Position(topic="1177.events", partition=0, offset=17)
    letter = DeadLetter(position=position, reason=reason, field=None, source=source, id=name, raw=b"")
    assert validate("dead-letter", orjson.loads(encode_dead_letter(letter)))


@pytest.mark.holds("B6", "A27", "R44")
@pytest.mark.parametrize("state", [*State, *End])
@pytest.mark.parametrize("reason", [None, *PublicReason])
def test_a_status_goes_out_as_its_schema_says(state: State | End, reason: PublicReason | None) -> None:
    at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert validate("status", orjson.loads(encode_status("urn:se:1177:tidbok", "c-14", 1, at, state, reason)))


@pytest.mark.holds("R6", "R7")
@pytest.mark.parametrize("name", ["resident", "proxy"])
def test_the_examples_of_a_projection_are_read_without_fault(name: str) -> None:
    key, read = {
        "resident": (b"191212121212", decode_resident),
        "proxy": (b"201212121212:191212121212", decode_proxy),
    }[name]
    for example in CONTRACT.documents[f"messages/{name}.json"]["examples"]:
        change = read(record(key, example), PSEUDONYMISER)
        assert change.version == example["version"]
        assert not getattr(change, "faults", ())


@pytest.mark.holds("R4", "A1")
def test_an_instant_that_the_schema_takes_is_one_that_python_reads() -> None:
    instant = CONTRACT.compile("instant.json", {"$ref": "data.json#/$defs/instant"})
    for text in ("2026-12-01T09:30:00+01:00", "2999-12-31T23:59:59.123456789-23:59", "1000-01-01T00:00:00.5Z"):
        assert instant.is_valid(text)
        assert datetime.fromisoformat(text).astimezone(UTC)
    for text in ("2016-12-31T23:59:60Z", "2026-02-30T09:30:00Z", "2026-12-01 09:30:00Z", "2026-12-01T09:30:00"):
        assert not instant.is_valid(text)
    for text in ("0000-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "2026-12-01T09:30Z", "2026-12-01T09:30:00+24:00"):
        assert not instant.is_valid(text)
