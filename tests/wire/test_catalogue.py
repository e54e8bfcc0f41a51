from copy import deepcopy
from pathlib import Path

import orjson
import pytest

from notifier.app.contract import read_schemas
from notifier.domain.catalogue import Live
from notifier.domain.faults import Misconfigured
from notifier.domain.reasons import DeadLetterReason
from notifier.wire.catalogue import load_catalogue
from tests.wire import contracts
from tests.wire.contracts import Change, faults

SCHEMAS = Path(__file__).parents[2] / "schemas"
FILES = read_schemas(SCHEMAS)
CATALOGUE = load_catalogue(FILES)
INBOX = "se.1177.inbox.message.received.v1"
JOURNAL = "se.1177.journal.note.signed.v1"
CONTACT = "se.1177.contact.case.updated.v1"
VIDEO = "se.1177.video.meeting.starting.v1"
HANDLED = "se.1177.inbox.matter.handled.v1"
DATA = {"matter": "m-1", "unit": "SE2321000016-A1B2", "region": "01"}


def changed(type_name: str, change: Change) -> dict[str, bytes]:
    """Give the files with one type's entry changed."""
    return contracts.changed(f"events/{type_name}.json", change)


@pytest.mark.holds("R1")
def test_a_new_type_is_a_new_file_in_the_folder(tmp_path: Path) -> None:
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    entry = deepcopy(orjson.loads(FILES[f"events/{INBOX}.json"]))
    new = "se.1177.vaccination.dose.offered.v1"
    entry |= {"type": new, "class": "low", "useful": {"for": "P2D"}, "title": {"sv": "Ny dos", "en": "New dose"}}
    entry["data"]["properties"]["dose"] = {"type": "integer", "minimum": 1}
    (tmp_path / f"events/{new}.json").write_bytes(orjson.dumps(entry))

    catalogue = load_catalogue(read_schemas(tmp_path))

    assert set(catalogue.types) - set(CATALOGUE.types) == {new}
    assert catalogue.violation(new, DATA | {"dose": 2}) is None
    assert catalogue.violation(new, DATA | {"dose": 0}) == "/data/dose"
    assert catalogue.titles[new]["en"] == "New dose"
    assert catalogue.mark_kind("se.1177.vaccination.matter.handled.v1") == "handled"


@pytest.mark.holds("R1", "R4")
@pytest.mark.parametrize(
    ("data", "field"),
    [
        (DATA, None),
        (DATA | {"something": {"of": ["theirs"]}}, None),
        ({"unit": DATA["unit"], "region": "01"}, "/data/matter"),
        (DATA | {"matter": ""}, "/data/matter"),
        (DATA | {"matter": "x" * 64}, None),
        (DATA | {"matter": "x" * 65}, "/data/matter"),
        (DATA | {"matter": "m-1\n"}, "/data/matter"),
        (DATA | {"matter": "A9._~-"}, None),
        (DATA | {"matter": 7}, "/data/matter"),
        (DATA | {"unit": "HSATEST2-CMH"}, None),
        (DATA | {"unit": "SE165565594230-1000"}, None),
        (DATA | {"unit": "SE2321000016-" + "a" * 19}, "/data/unit"),
        (DATA | {"unit": "SE2321000016"}, "/data/unit"),
        (DATA | {"unit": "SE2321000016-å"}, "/data/unit"),
        (DATA | {"region": "1"}, "/data/region"),
        (DATA | {"region": "٠١"}, "/data/region"),
        (DATA | {"visible_to_subject": "true"}, "/data/visible_to_subject"),
        (DATA | {"happens_at": None}, "/data/happens_at"),
        (DATA | {"happens_at": "2026-12-01T09:30:00+01:00"}, None),
        (DATA | {"region": "1", "matter": "", "unit": ""}, "/data/matter"),
        ([], "/data"),
    ],
)
def test_the_first_violated_field_is_named(data: object, field: str | None) -> None:
    assert CATALOGUE.violation(INBOX, data) == field


@pytest.mark.holds("R4", "B24")
def test_a_field_inside_a_field_is_named_by_its_whole_pointer() -> None:
    def nest(entry: dict) -> None:
        doses = {"type": "array", "items": {"type": "object", "required": ["a/b~c"], "properties": {}}}
        entry["data"]["properties"]["doses"] = doses

    catalogue = load_catalogue(changed(INBOX, nest))
    assert catalogue.violation(INBOX, DATA | {"doses": [{"a/b~c": 1}]}) is None
    assert catalogue.violation(INBOX, DATA | {"doses": [{"a/b~c": 1}, {}]}) == "/data/doses/1/a~1b~0c"


@pytest.mark.holds("R2", "B10")
@pytest.mark.parametrize(
    ("type_name", "kind"),
    [
        (HANDLED, "handled"),
        ("se.1177.journal.matter.withdrawn.v1", "withdrawn"),
        ("se.1177.journal.matter.withdrawn.v2", None),
        ("se.1177.matter.handled.v1", None),
        ("matter.handled.v1", None),
        ("se.1177.inbox.x.matter.handled.v1", None),
        (INBOX, None),
        ("", None),
    ],
)
def test_marks_are_the_same_for_every_service(type_name: str, kind: str | None) -> None:
    assert CATALOGUE.mark_kind(type_name) == kind


@pytest.mark.holds("R2", "A22", "B10")
@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"matter": "m-1", "at": "2026-11-22T08:00:00Z"}, None),
        ({"matter": "m-1", "at": "2026-11-22T08:00:00Z", "by": "191212121212", "what": "acted"}, None),
        ({"matter": "m-1"}, "/data/at"),
        ({"matter": "m-1", "at": "2026-11-22T08:00:00Z", "by": "1212121212"}, "/data/by"),
        ({"matter": "m-1", "at": "2026-11-22T08:00:00Z", "what": "opened"}, "/data/what"),
        ({"matter": "m-1", "at": "2026-11-22T08:00:00Z", "region": 1}, "/data/region"),
    ],
)
def test_the_data_of_a_mark_is_held_to_its_schema(data: object, field: str | None) -> None:
    assert CATALOGUE.violation(HANDLED, data) == field


@pytest.mark.holds("R4")
@pytest.mark.parametrize(
    ("type_name", "reason"),
    [
        ("se.1177.inbox.message.received.v9", DeadLetterReason.VERSION_UNKNOWN),
        ("se.1177.inbox.message.received.vX", DeadLetterReason.VERSION_UNKNOWN),
        ("se.1177.inbox.matter.handled.v2", DeadLetterReason.VERSION_UNKNOWN),
        ("se.1177.inbox.message.lost.v1", DeadLetterReason.TYPE_UNKNOWN),
        ("se.1177.inbox.message.received", DeadLetterReason.TYPE_UNKNOWN),
        ("se.1177.inbox.matter.lost.v1", DeadLetterReason.TYPE_UNKNOWN),
        ("com.example.thing.v1", DeadLetterReason.TYPE_UNKNOWN),
        ("", DeadLetterReason.TYPE_UNKNOWN),
    ],
)
def test_an_unknown_version_is_told_apart_from_an_unknown_type(type_name: str, reason: DeadLetterReason) -> None:
    assert CATALOGUE.unknown(type_name) is reason


@pytest.mark.holds("R38")
def test_the_version_follows_the_catalogue_and_nothing_else() -> None:
    assert load_catalogue(dict(reversed(FILES.items()))).version == CATALOGUE.version
    assert load_catalogue({**FILES, "policy.json": b"{}"}).version == CATALOGUE.version
    assert len(CATALOGUE.version) == 12
    louder = load_catalogue(changed(JOURNAL, lambda entry: entry.update(proxy_max_age=12)))
    assert louder.version != CATALOGUE.version
    assert louder.types[JOURNAL].proxy_max_age == 12


@pytest.mark.holds("R1", "R43")
def test_all_faults_of_all_files_are_said_at_once() -> None:
    files = {
        **changed(INBOX, lambda entry: entry.update({"class": "loud", "category": "gossip"})),
        f"events/{VIDEO}.json": b"{",
        f"events/{CONTACT}.json": b"[]",
        "texts.json": orjson.dumps(orjson.loads(FILES["texts.json"]) | {"extra": {}}),
    }
    found = faults(files)
    assert len(found) == 5
    for start in (f"events/{INBOX}.json#/class:", f"events/{INBOX}.json#/category:", "texts.json#:"):
        assert any(fault.startswith(start) for fault in found)
    assert f"events/{CONTACT}.json: is no JSON object" in found
    assert any(fault.startswith(f"events/{VIDEO}.json: is not JSON:") for fault in found)


@pytest.mark.holds("R1", "R43")
def test_a_missing_part_of_the_contract_is_named_with_the_files_that_cannot_be_read() -> None:
    files = {**FILES, f"events/{VIDEO}.json": b"{"}
    del files["data.json"]
    found = faults(files)
    assert "data.json: is missing" in found
    assert any(fault.startswith(f"events/{VIDEO}.json: is not JSON:") for fault in found)


@pytest.mark.holds("R1", "R43")
def test_a_schema_that_is_none_is_a_fault_and_no_crash() -> None:
    assert faults({**FILES, "texts.schema.json": b'{"type": "nothing"}'})[0].startswith("texts.schema.json: ")


@pytest.mark.holds("R1", "B8", "B11", "B15", "B24")
@pytest.mark.parametrize(
    ("type_name", "change", "where"),
    [
        (INBOX, lambda entry: entry.pop("class"), "#/class"),
        (INBOX, lambda entry: entry.update(colour="red"), "#:"),
        (INBOX, lambda entry: entry.update(fallback_after="four hours"), "#/fallback_after"),
        (INBOX, lambda entry: entry.update(link="https://e-tjanster.1177.se/{matter}?who={subject}"), "#/link"),
        (INBOX, lambda entry: entry.update(type="se.1177.inbox.matter.handled.v1"), "#/type"),
        (INBOX, lambda entry: entry.update(type=JOURNAL), f": describes what belongs in events/{JOURNAL}.json"),
        (INBOX, lambda entry: entry.update(live="by_data"), "#/data/properties/live"),
        (INBOX, lambda entry: entry.update(useful={"until": "happens_at"}), "#/data/required"),
        (INBOX, lambda entry: entry.update(useful={"until": "whenever", "else": "P1D"}), "#/useful/until"),
        (INBOX, lambda entry: entry["texts"].update(own="clinical"), "#/texts/own"),
        (INBOX, lambda entry: entry["data"]["required"].remove("unit"), "#/data/required"),
        (JOURNAL, lambda entry: entry["data"]["required"].remove("proxies"), "#/data/required"),
        (INBOX, lambda entry: entry["data"].update(additionalProperties=False), "#/data"),
        (INBOX, lambda entry: entry["data"]["properties"].update(a={"patternProperties": {}}), "#/data/properties/a"),
        (INBOX, lambda entry: entry["data"]["properties"].update(a={"$ref": "../data.json#/$defs/lost"}), "#/data:"),
        (INBOX, lambda entry: entry["data"]["properties"].update(a={"type": "lost"}), "#/data:"),
        (INBOX, lambda entry: entry["data"]["properties"].update(a={"pattern": "("}), "#/data:"),
    ],
)
def test_what_an_entry_may_not_say_is_refused_at_load(type_name: str, change: Change, where: str) -> None:
    found = faults(changed(type_name, change))
    assert any(fault.startswith(f"events/{type_name}.json{where}") for fault in found), found


@pytest.mark.holds("R2")
def test_a_mark_lives_in_its_own_file() -> None:
    files = {**FILES, "marks/matter.read.json": FILES["marks/matter.handled.json"]}
    assert faults(files) == ("marks/matter.read.json: describes what belongs in marks/matter.handled.json",)


@pytest.mark.holds("R20", "B15")
def test_a_moment_with_a_length_beside_it_needs_no_moment() -> None:
    useful = {"until": "happens_at", "plus": "PT30M", "else": "P2D"}
    read = load_catalogue(changed(CONTACT, lambda entry: entry.update(useful=useful))).types[CONTACT]
    assert (read.useful.from_happens_at, read.live) == (True, Live.BY_DATA)
    assert (read.useful.after.total_seconds(), read.useful.length) == (1800, read.useful.after * 96)


@pytest.mark.holds("R43")
@pytest.mark.parametrize("name", ["empty", "missing"])
def test_a_folder_without_schemas_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(Misconfigured, match="holds no schemas"):
        read_schemas(tmp_path / name)


@pytest.mark.holds("R43")
def test_a_schema_that_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data.json").write_bytes(b"{}")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(Misconfigured, match="the schemas cannot be read: Permission denied"):
        read_schemas(tmp_path)
