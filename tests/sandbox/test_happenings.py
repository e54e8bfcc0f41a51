"""What the page makes of the topics: statuses find their event, also when read first; copies are told apart."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from notifier.app.sandbox.board import Board
from notifier.app.sandbox.happenings import Happenings
from notifier.sandbox.event_views import EventView
from notifier.wire.catalogue import load_catalogue
from notifier.wire.records import RawRecord
from tests.house.code import ROOT

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FOLDER = ROOT / "schemas"
CATALOGUE = load_catalogue({path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*.json")})
EVENT = {
    "specversion": "1.0", "id": "e-1", "source": "urn:se:1177:inkorg", "type": "se.1177.inbox.message.received.v1",
    "subject": "191212121212", "time": "2026-11-22T12:00:00Z",
    "data": {"matter": "m-1", "unit": "SE2321000016-A1B2", "region": "01"},
}  # fmt: skip


def record(value: object, offset: int = 0, headers: Mapping[str, bytes] | None = None) -> RawRecord:
    raw = value if isinstance(value, bytes) else orjson.dumps(value)
    return RawRecord(
        topic="1177.events", partition=0, offset=offset, key=None, value=raw,
        headers=list((headers or {}).items()), timestamp_ms=int(NOON.timestamp() * 1000),
    )  # fmt: skip


def status(state: str, after_ms: int, reason: str | None = None, **named: Any) -> RawRecord:
    at = NOON + timedelta(milliseconds=after_ms)
    said = {"source": EVENT["source"], "id": EVENT["id"], "seq": 1, "at": at, "state": state, "reason": reason}
    return record(said | named)


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def happenings(board: Board) -> Happenings:
    return Happenings(board, CATALOGUE, {"191212121212": "Tolvan"}.get, lambda real: real)  # type: ignore[arg-type]


def shown(board: Board, offset: int = 0) -> EventView:
    view = board.view(f"event-0-{offset}")
    assert isinstance(view, EventView)
    return view


@pytest.mark.holds("R45", "R38")
def test_an_event_shows_whom_it_is_about_and_what_its_publisher_is_told(board: Board, happenings: Happenings) -> None:
    happenings.take_events([record(EVENT)])
    happenings.take_statuses([status("accepted", 7), status("pushed", 43)])
    view = shown(board)
    assert (view.kind, view.subject, view.matter, view.title["en"]) == (
        "event",
        "Tolvan",
        "m-1",
        "New message in the inbox",
    )
    assert [(state.state, state.after) for state in view.states] == [
        ("accepted", timedelta(milliseconds=7)), ("pushed", timedelta(milliseconds=43)),
    ]  # fmt: skip


@pytest.mark.holds("R45", "R38")
def test_what_is_read_before_its_event_waits_for_it(board: Board, happenings: Happenings) -> None:
    happenings.take_statuses([status("accepted", 7)])
    happenings.take_letters([record({"partition": 0, "offset": 1, "reason": "not_json", "field": None})])
    happenings.take_events([record(EVENT), record(b"{", offset=1)])
    assert [state.state for state in shown(board).states] == ["accepted"]
    assert (shown(board, 1).kind, shown(board, 1).refused) == ("broken", "not_json")


@pytest.mark.holds("R45", "R5", "A27")
@pytest.mark.parametrize(("state", "reason"), [("duplicate", "duplicate"), ("rejected", "id_reused")])
def test_a_copy_gets_what_is_said_of_copies(board: Board, happenings: Happenings, state: str, reason: str) -> None:
    happenings.take_statuses([status("accepted", 7), status(state, 9, reason), status("pushed", 40)])
    happenings.take_events([record(EVENT), record(EVENT, offset=1)])
    assert [one.state for one in shown(board, 0).states] == ["accepted", "pushed"]
    assert [one.state for one in shown(board, 1).states] == [state]


@pytest.mark.holds("R45", "R2", "B10")
@pytest.mark.parametrize(
    ("type", "data", "kind"),
    [
        ("se.1177.inbox.matter.handled.v1", {"matter": "m-1"}, "read"),
        ("se.1177.inbox.matter.handled.v1", {"matter": "m-1", "what": "acted"}, "acted"),
        ("se.1177.inbox.matter.withdrawn.v1", {"matter": "m-1"}, "withdrawn"),
        ("se.1177.inbox.letter.received.v1", {"matter": "m-1"}, "broken"),
        ("se.1177.inbox.message.received.v1", "no object", "event"),
        (7, {}, "broken"),
    ],
)
def test_marks_and_what_nobody_knows_are_told_apart(
    board: Board, happenings: Happenings, type: object, data: object, kind: str
) -> None:
    happenings.take_events([record({**EVENT, "type": type, "data": data})])
    assert shown(board).kind == kind


@pytest.mark.holds("R45", "R1", "A1")
def test_an_event_in_headers_is_read_too(board: Board, happenings: Happenings) -> None:
    headers = {f"ce_{name}": str(value).encode() for name, value in EVENT.items() if name != "data"}
    happenings.take_events([record(EVENT["data"], headers=headers)])
    assert (shown(board).id, shown(board).matter, shown(board).kind) == ("e-1", "m-1", "event")


@pytest.mark.holds("R45")
@pytest.mark.parametrize("value", [b"", b"\x00", b"[1]", b"7", b'{"id": 7}', "å".encode("latin-1")])
def test_rubbish_is_shown_as_broken_and_breaks_nothing(board: Board, happenings: Happenings, value: bytes) -> None:
    happenings.take_events([record(value)])
    assert shown(board).kind == "broken"


@pytest.mark.holds("R45")
def test_bulk_is_counted_elsewhere_and_old_events_make_room(board: Board, happenings: Happenings) -> None:
    happenings.take_events([record({**EVENT, "id": "load-1"}, offset=500)])
    assert board.view("event-0-500") is None
    happenings.take_events([record({**EVENT, "id": f"e-{at}"}, offset=at) for at in range(40)])
    assert [view.slug for view in happenings.newest()] == [f"0-{at}" for at in range(39, 9, -1)]
    assert (board.view("event-0-9"), board.view("event-0-10") is None) == (None, False)


@pytest.mark.holds("R45")
@pytest.mark.parametrize("value", [b"", b"\x00", b"[1]", b"7", b'{"source": 1, "id": 2}', b'{"id": null}', b"\xff"])
def test_what_a_stranger_writes_into_our_topics_says_nothing(
    board: Board, happenings: Happenings, value: bytes
) -> None:
    happenings.take_events([record(EVENT)])
    happenings.take_statuses([record(value), status("accepted", 7, at="yesterday", reason={})])
    happenings.take_letters([record(value)])
    assert [(state.state, state.after) for state in shown(board).states] == [("accepted", timedelta())]


@pytest.mark.holds("R45", "R5")
def test_a_copy_whose_first_record_is_shown_no_more_gets_its_word_too(board: Board, happenings: Happenings) -> None:
    happenings.take_events([record(EVENT, offset=9)])
    happenings.take_statuses([status("duplicate", 7, "duplicate")])
    assert [one.state for one in shown(board, 9).states] == ["duplicate"]


@pytest.mark.holds("R45", "R44")
def test_an_id_as_long_as_the_contract_allows_is_found_whole(board: Board, happenings: Happenings) -> None:
    long = "e" * 256
    happenings.take_events([record({**EVENT, "id": long})])
    happenings.take_statuses([status("accepted", 7, id=long)])
    assert [one.state for one in shown(board).states] == ["accepted"]
    assert len(happenings.find(EVENT["source"], long)) == 1


@pytest.mark.holds("R45", "R38")
def test_what_was_said_is_kept_as_it_stands_however_deep_it_is(board: Board, happenings: Happenings) -> None:
    deep = b'{"source":"urn:se:1177:inkorg","id":"e-1","state":"odd","x":' + b"[" * 300 + b"]" * 300 + b"}"
    happenings.take_events([record(EVENT)])
    happenings.take_statuses([record(deep)])
    assert happenings.find(EVENT["source"], EVENT["id"])[0].statuses == [deep.decode()]


@pytest.mark.holds("R45", "R14")
def test_a_matter_is_found_by_its_source_or_type_long_after_its_event_left_the_page(happenings: Happenings) -> None:
    happenings.take_events([record(EVENT)])
    other = {**EVENT, "source": "urn:se:1177:provsvar", "type": "se.1177.results.available.v1"}
    happenings.take_events([record({**other, "id": f"load-{at}"}, offset=at + 1) for at in range(100)])
    found = happenings.find_matter("se.1177.inbox.message.received.v1", "m-1")
    assert found is not None
    assert (found.source, found.number) == ("urn:se:1177:inkorg", "191212121212")
    assert happenings.find_matter("urn:se:1177:provsvar", "m-1") not in (None, found)
