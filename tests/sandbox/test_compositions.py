"""What the page composes is what it says: marks are taken, broken events are refused, each for its own reason."""

import shlex
from datetime import UTC, datetime

import orjson
import pytest

from notifier.app.validate import prepare_refusal
from notifier.domain.reasons import DeadLetterReason
from notifier.sandbox.compositions import BREAKAGES, What, address, break_event, spell, spell_kcat, write_mark
from tests.house.code import ROOT

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FOLDER = ROOT / "schemas"
REFUSE = prepare_refusal(
    {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*.json*")}, "1177.", None
)
EXAMPLES = {
    path.stem: orjson.loads(path.read_bytes())["examples"]["good"][0]["event"]
    for path in sorted((FOLDER / "events").glob("*.json"))
}
TIME = {"time": "2026-11-22T12:00:00Z"}


@pytest.mark.holds("R45", "R44", "R1")
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_type_can_be_addressed_to_somebody_and_would_be_taken(name: str) -> None:
    event = address(EXAMPLES[name] | TIME, "196811292389", "m-new")
    assert (event["subject"], event["data"]["matter"]) == ("196811292389", "m-new")
    assert REFUSE(spell(event).encode(), NOON) is None


@pytest.mark.holds("R45", "B10")
@pytest.mark.parametrize("what", ["read", "acted", "withdrawn"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_matter_can_be_read_acted_on_and_withdrawn(name: str, what: What) -> None:
    event = EXAMPLES[name]
    mark = write_mark(event["source"], name, event["subject"], "m-1", what, "191212121212", NOON)
    assert REFUSE(mark, NOON) is None
    kind = "withdrawn" if what == "withdrawn" else "handled"
    assert orjson.loads(mark)["type"] == f"se.1177.{name.split('.')[2]}.matter.{kind}.v1"


@pytest.mark.holds("R45", "R4")
def test_each_way_of_breaking_an_event_is_refused_for_its_own_reason() -> None:
    event = EXAMPLES["se.1177.inbox.message.received.v1"] | TIME
    poisons = [REFUSE(break_event(event, turn), NOON) for turn in range(BREAKAGES)]
    assert [poison and poison.reason for poison in poisons] == [
        DeadLetterReason.NOT_JSON,
        DeadLetterReason.ATTRIBUTE_MISSING,
        DeadLetterReason.TYPE_UNKNOWN,
        DeadLetterReason.IDENTITY_IN_REFERENCE,
    ]


@pytest.mark.holds("R45", "R44")
@pytest.mark.parametrize("value", ['{"a": "it\'s\\n `x` $HOME"}', '{"a":\n 1}', "no {json\n at all"])
def test_the_kcat_command_carries_one_line_whatever_the_event_holds(value: str) -> None:
    words = shlex.split(spell_kcat("127.0.0.1:9092", "1177.events", value))
    assert words[:2] == ["printf", "%s"]
    assert words[3:] == [
        "|", "kcat", "-P", "-b", "127.0.0.1:9092", "-t", "1177.events", "-H",
        "content-type=application/cloudevents+json",
    ]  # fmt: skip
    assert "\n" not in words[2]
    if value.startswith("{"):
        assert orjson.loads(words[2]) == orjson.loads(value)
