from pathlib import Path

import orjson
import pytest

from notifier.app.contract import read_schemas
from notifier.domain.faults import Misconfigured
from notifier.wire.publishers import Register, load_register

FILES = read_schemas(Path(__file__).parents[2] / "schemas")
INBOX = "se.1177.inbox.message.received.v1"
HANDLED = "se.1177.inbox.matter.handled.v1"
SOURCE = "urn:se:1177:inkorg"
TOPIC = "1177.events.inkorg"
ENTRY = {
    "open": False,
    "sources": ["urn:se:1177:inkorg", "urn:se:1177:inkorg:*"],
    "types": ["se.1177.inbox.*"],
    "regions": ["01", "14"],
    "units": ["SE2321000016-*", "SE2321000131-*", "SE5560000001-*", "SE162321000255-*", "HSATEST2-*"],
    "limit_per_second": 50,
}


def register(**changes: object) -> Register:
    document = orjson.loads(FILES["publishers.json"])
    document["topics"]["events.inkorg"] = ENTRY | changes
    return load_register({**FILES, "publishers.json": orjson.dumps(document)}, "1177.")


@pytest.mark.holds("B20")
def test_the_embedded_default_is_one_open_topic() -> None:
    default = load_register(FILES, "1177.")
    assert set(default.topics) == {"1177.events"}
    assert default.allowed("1177.events", "urn:any", INBOX, "23", "SE2321000016-A1B2")
    assert default.allowed("1177.events", "urn:any", HANDLED, None, None)
    assert not default.allowed("1177.events.inkorg", SOURCE, INBOX, "01", "SE2321000016-A1B2")


@pytest.mark.holds("B20")
def test_the_prefix_is_a_setting() -> None:
    assert set(load_register(FILES, "test.").topics) == {"test.events"}


@pytest.mark.holds("B20")
@pytest.mark.parametrize(
    ("source", "type_name", "region", "unit", "expected"),
    [
        (SOURCE, INBOX, "01", "SE2321000016-A1B2", True),
        (SOURCE + ":sms", INBOX, "14", "SE2321000131-X", True),
        ("urn:se:1177:journalen", INBOX, "01", "SE2321000016-A1B2", False),
        ("urn:se:1177:INKORG", INBOX, "01", "SE2321000016-A1B2", False),
        (SOURCE, "se.1177.journal.note.signed.v1", "01", "SE2321000016-A1B2", False),
        (SOURCE, INBOX, "12", "SE2321000016-A1B2", False),
        (SOURCE, INBOX, "01", "SE2321000024-A1B2", False),
        # the unit is Region Stockholm's, the region Västra Götaland
        (SOURCE, INBOX, "14", "SE2321000016-A1B2", False),
        # Region Skåne's number with the century prefix
        (SOURCE, INBOX, "01", "SE162321000255-A1B2", False),
        # private care and test units belong to no region
        (SOURCE, INBOX, "14", "SE5560000001-1", True),
        (SOURCE, INBOX, "14", "HSATEST2-CMH", True),
        # marks
        (SOURCE, HANDLED, None, None, True),
        (SOURCE, HANDLED, "14", None, True),
        (SOURCE, HANDLED, None, "SE2321000016-A1B2", True),
        (SOURCE, HANDLED, "12", None, False),
        (SOURCE, HANDLED, None, "SE2321000024-A1B2", False),
        ("urn:se:1177:journalen", HANDLED, None, None, False),
    ],
)
def test_a_registered_publisher_may_send_what_its_entry_says(
    source: str, type_name: str, region: str | None, unit: str | None, expected: bool
) -> None:
    assert register().allowed(TOPIC, source, type_name, region, unit) is expected


@pytest.mark.holds("B20")
def test_only_the_open_topic_lets_region_and_unit_disagree() -> None:
    assert register(open=True).allowed(TOPIC, SOURCE, INBOX, "14", "SE2321000016-A1B2")
    assert not register(open=False, units=["*"], regions=["*"]).allowed(TOPIC, SOURCE, INBOX, "14", "se2321000016-a1")


@pytest.mark.holds("B20", "B27")
def test_an_entry_has_an_absolute_limit() -> None:
    assert register().topics[TOPIC].limit_per_second == 50
    with pytest.raises(Misconfigured, match="limit_per_second"):
        register(limit_per_second=0)


@pytest.mark.holds("B20")
def test_the_faults_of_the_register_are_said_at_once() -> None:
    with pytest.raises(Misconfigured) as misconfigured:
        register(sources=[], types=["a b"], extra=1)
    places = [fault.partition(": ")[0] for fault in misconfigured.value.faults]
    entry = "publishers.json#/topics/events.inkorg"
    assert sorted(places) == [entry, f"{entry}/sources", f"{entry}/types/0"]


@pytest.mark.holds("B20")
@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({**FILES, "publishers.json": b"{"}, "publishers.json: is not JSON"),
        ({**FILES, "regions.jsonl": b""}, "regions.jsonl: is missing or empty"),
        ({**FILES, "regions.jsonl": b'{"code": 1}'}, "regions.jsonl: "),
        ({name: FILES[name] for name in FILES if name != "publishers.json"}, "publishers.json: is missing"),
    ],
)
def test_a_register_that_cannot_be_read_is_said(files: dict[str, bytes], fault: str) -> None:
    with pytest.raises(Misconfigured, match=fault):
        load_register(files, "1177.")
