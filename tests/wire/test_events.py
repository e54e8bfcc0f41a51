"""From records to events and marks, against the real catalogue and register (DESIGN 8, A1 to A4, B10, B24)."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Literal

import msgspec
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifier.domain.catalogue import EventType
from notifier.domain.events import Event, Mark, MarkKind
from notifier.domain.faults import Poison
from notifier.domain.reasons import DeadLetterReason as Reason
from notifier.wire.events import decode, decode_all
from notifier.wire.numbers import parse_subject
from notifier.wire.publishers import Register
from notifier.wire.records import RawRecord, unpack
from tests.wire.samples import (
    CHILD,
    DATA,
    EVENT,
    MARK,
    NOW,
    PSEUDONYMISER,
    TOLVAN,
    binary,
    catalogue,
    contract,
    read,
    record,
    register,
    structured,
)


def fault(raw: RawRecord) -> tuple[Reason, str | None]:
    with pytest.raises(Poison) as caught:
        read(raw)
    return caught.value.reason, caught.value.field


def event(raw: RawRecord) -> Event:
    item = read(raw)
    assert isinstance(item, Event)
    return item


def mark(raw: RawRecord) -> Mark:
    item = read(raw)
    assert isinstance(item, Mark)
    return item


@pytest.mark.holds("R1", "R2", "A1")
def test_an_event_is_read_whole_and_alike_in_both_modes() -> None:
    expected = Event(
        key=hashlib.sha256(b"urn:se:1177:tidbok\x007f0c2c1e").digest()[:16],  # type: ignore[arg-type]
        digest=event(structured(EVENT)).digest,
        source="urn:se:1177:tidbok",
        id="7f0c2c1e",
        type=catalogue().types["se.1177.booking.created.v1"],
        subject=PSEUDONYMISER.pseudonym(parse_subject(TOLVAN)),
        time=datetime(2026, 11, 22, 8, tzinfo=UTC),
        matter="m-8812",
        matter_key=hashlib.sha256(b"urn:se:1177:tidbok\x00m-8812").digest()[:16],  # type: ignore[arg-type]
        unit="SE2321000016-A1B2",
        region="01",
        happens_at=datetime(2026, 12, 1, 8, 30, tzinfo=UTC),
    )
    assert read(structured(EVENT)) == read(binary(EVENT)) == expected
    assert expected.visible_to_subject
    assert expected.proxies_allowed
    assert len(expected.digest) == 16


@pytest.mark.holds("A15", "B11", "B15")
def test_what_the_data_says_of_visibility_proxies_and_loudness_is_kept() -> None:
    quiet = event(structured(EVENT, data=DATA | {"visible_to_subject": False, "proxies": "withhold"}))
    assert (quiet.visible_to_subject, quiet.proxies_allowed, quiet.live) == (False, False, False)
    case = EVENT | {"type": "se.1177.contact.case.updated.v1"}
    assert event(structured(case, data=DATA | {"live": True})).live
    assert not event(structured(case)).live
    assert event(structured(EVENT | {"type": "se.1177.forms.assigned.v1"})).happens_at is not None


@pytest.mark.holds("A22", "B10")
def test_a_mark_without_actor_and_kind_is_read_by_the_subject() -> None:
    made = mark(structured(MARK))
    assert made == mark(binary(MARK))
    assert (made.kind, made.by, made.matter) == (MarkKind.READ, made.subject, "m-8812")
    assert made.subject == PSEUDONYMISER.pseudonym(parse_subject(TOLVAN))
    assert made.at == datetime(2026, 11, 22, 7, 59, tzinfo=UTC)
    assert made.matter_key == event(structured(EVENT)).matter_key
    assert made.type == "se.1177.booking.matter.handled.v1"


@pytest.mark.holds("B10", "A22")
def test_a_mark_says_who_acted_and_withdrawn_is_its_own_kind() -> None:
    acted = mark(structured(MARK, data=MARK["data"] | {"by": CHILD, "what": "acted"}))  # type: ignore[operator]
    assert (acted.kind, acted.by) == (MarkKind.ACTED, PSEUDONYMISER.pseudonym(parse_subject(CHILD)))
    withdrawn = mark(structured(MARK, type="se.1177.booking.matter.withdrawn.v1"))
    assert withdrawn.kind is MarkKind.WITHDRAWN


@pytest.mark.holds("B10", "B24")
@pytest.mark.parametrize(
    ("by", "reason"), [(TOLVAN[:11] + "3", Reason.CHECK_DIGIT), ("991981000010", Reason.SUBJECT_INVALID)]
)
def test_the_actor_of_a_mark_must_be_a_number(by: str, reason: Reason) -> None:
    assert fault(structured(MARK, data=MARK["data"] | {"by": by})) == (reason, "/data/by")  # type: ignore[operator]


@pytest.mark.holds("A4")
def test_the_digest_is_over_type_subject_and_data_alone() -> None:
    same = event(structured(EVENT)).digest
    turned = dict(reversed(DATA.items()))
    assert event(structured(EVENT, data=turned, time="2026-11-21T08:00:00Z", traceparent="x")).digest == same
    assert event(structured(EVENT, id="another")).digest == same
    subject = PSEUDONYMISER.pseudonym(parse_subject(TOLVAN)).hex()
    written = orjson.dumps({"data": dict(sorted(DATA.items())), "subject": subject, "type": EVENT["type"]})
    assert same == hashlib.sha256(written).digest()[:16]
    for change in (
        {"subject": CHILD},
        {"type": "se.1177.booking.changed.v1"},
        {"data": DATA | {"matter": "m-8813"}},
        {"data": DATA | {"room": 1}},
        {"data": DATA | {"room": 1.0}},
    ):
        assert event(structured(EVENT, **change)).digest != same


@pytest.mark.holds("A4", "B40")
def test_the_digest_of_a_mark_holds_no_number_in_clear_but_tells_actors_apart() -> None:
    data = {"matter": "m-8812", "at": "2026-11-22T07:59:00Z"}
    digests = {mark(structured(MARK, data=data | {"by": by})).digest for by in (TOLVAN, CHILD)}
    assert len(digests) == 2
    subject = PSEUDONYMISER.pseudonym(parse_subject(TOLVAN)).hex()
    clear = {"data": data | {"by": CHILD}, "subject": subject, "type": MARK["type"]}
    written = orjson.dumps(clear, option=orjson.OPT_SORT_KEYS)
    assert hashlib.sha256(written).digest()[:16] not in digests


@pytest.mark.holds("A3", "B23")
@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (NOW - timedelta(days=30), None),
        (NOW - timedelta(days=30, seconds=1), Reason.BEYOND_HORIZON),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=23))), Reason.BEYOND_HORIZON),
        (NOW + timedelta(hours=1), None),
        (NOW + timedelta(hours=1, microseconds=1), Reason.TIME_IMPOSSIBLE),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=-23))), Reason.TIME_IMPOSSIBLE),
    ],
)
def test_an_event_is_at_most_30_days_old_and_an_hour_ahead(time: datetime, expected: Reason | None) -> None:
    for content in (EVENT, MARK):
        raw = structured(content, time=time.isoformat())
        if expected is None:
            assert read(raw).time == time
        else:
            assert fault(raw) == (expected, "/time")


@pytest.mark.holds("A3", "A22")
def test_a_mark_may_cover_what_is_long_past_but_not_what_is_to_come() -> None:
    old = mark(structured(MARK, data={"matter": "m-8812", "at": "2026-06-01T00:00:00Z"}))
    assert old.at == datetime(2026, 6, 1, tzinfo=UTC)
    ahead = {"matter": "m-8812", "at": "2026-11-22T09:00:01Z"}
    assert fault(structured(MARK, data=ahead)) == (Reason.TIME_IMPOSSIBLE, "/data/at")


@pytest.mark.holds("A1", "B24")
@pytest.mark.parametrize(
    "time",
    [
        "2026-11-22T08:00:00",
        "2026-11-22",
        "today",
        "2026-02-29T08:00:00Z",
        "2026-11-22T07:59:60Z",
        "2026-11-22T24:00:00Z",
        "1795334400",
        "2026-11-22T08:00:00+25:00",
        "٢٠٢٦-11-22T08:00:00Z",
    ],
)
def test_a_time_that_is_no_instant_is_refused(time: str) -> None:
    assert fault(structured(EVENT, time=time)) == (Reason.TIME_INVALID, "/time")


@pytest.mark.holds("A1")
@pytest.mark.parametrize("fraction", ["", ".5", ".123456", ".123456789012345678901234567890"])
@pytest.mark.parametrize("offset", ["Z", "z", "+00:00", "-00:00"])
def test_fractions_of_any_length_and_every_way_to_write_utc_are_read(fraction: str, offset: str) -> None:
    time = read(structured(EVENT, time=f"2026-11-22T08:00:00{fraction}{offset}")).time
    assert abs(time - NOW - timedelta(seconds=float(f"0{fraction}"))) < timedelta(microseconds=1)


@pytest.mark.holds("B24")
@pytest.mark.parametrize("moment", ["1900-01-01T00:00:00Z", "2999-01-01T00:00:00+01:00"])
def test_an_appointment_a_lifetime_away_is_impossible(moment: str) -> None:
    raw = structured(EVENT, data=DATA | {"happens_at": moment})
    assert fault(raw) == (Reason.TIME_IMPOSSIBLE, "/data/happens_at")


@pytest.mark.holds("B24", "R1")
def test_an_unknown_type_and_an_unknown_version_are_told_apart() -> None:
    assert fault(structured(EVENT, type="se.1177.booking.forgotten.v1")) == (Reason.TYPE_UNKNOWN, "/type")
    assert fault(structured(EVENT, type="se.1177.booking.created.v9")) == (Reason.VERSION_UNKNOWN, "/type")


@pytest.mark.holds("B24")
def test_the_subject_is_exactly_twelve_characters_with_a_right_check_digit() -> None:
    assert fault(structured(EVENT, subject="121212-1212")) == (Reason.SUBJECT_INVALID, "/subject")
    assert fault(structured(EVENT, subject=TOLVAN[:11] + "3")) == (Reason.CHECK_DIGIT, "/subject")


@pytest.mark.holds("A2", "B24")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": f"id-{TOLVAN}"}, "/id"),
        ({"source": "urn:se:1177:121212-1212"}, "/source"),
        ({"data": DATA | {"matter": "1212121212"}}, "/data/matter"),
        ({"data": DATA | {"unit": "SE2321000016-1212121212"}}, "/data/unit"),
    ],
)
def test_an_identity_number_in_a_reference_is_refused_and_its_field_named(
    change: dict[str, object], field: str
) -> None:
    assert fault(structured(EVENT, **change)) == (Reason.IDENTITY_IN_REFERENCE, field)


@pytest.mark.holds("A2", "B24")
def test_the_matter_of_a_mark_is_scanned_too() -> None:
    data = {"matter": f"m{TOLVAN}", "at": "2026-11-22T07:59:00Z"}
    assert fault(structured(MARK, data=data)) == (Reason.IDENTITY_IN_REFERENCE, "/data/matter")


def _publisher() -> Register:
    topic = {"open": False, "sources": ["urn:se:1177:tidbok"], "types": ["*"], "regions": ["01"], "units": ["*"]}
    raw = {"version": 1, "topics": {"1177.events.tidbok": topic | {"limit_per_second": 10}}, "region_of": {}}
    return msgspec.convert(raw, Register)


@pytest.mark.holds("B20", "B24")
def test_what_lies_outside_the_register_is_not_allowed() -> None:
    own = record(orjson.dumps(EVENT), topic="1177.events.tidbok")
    assert decode(own, catalogue(), _publisher(), PSEUDONYMISER, NOW)
    other = orjson.dumps(EVENT | {"source": "urn:se:1177:inkorg"})
    for raw in (structured(EVENT), record(other, topic="1177.events.tidbok")):
        with pytest.raises(Poison) as caught:
            decode(raw, catalogue(), _publisher(), PSEUDONYMISER, NOW)
        assert caught.value.reason is Reason.NOT_ALLOWED


@pytest.mark.holds("B24")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"specversion": "0.3", "type": "x"}, Reason.SPECVERSION),
        ({"type": "x", "data": {}}, Reason.TYPE_UNKNOWN),
        ({"data": {}, "subject": "x"}, Reason.SCHEMA_VIOLATED),
        ({"subject": "x", "id": TOLVAN}, Reason.SUBJECT_INVALID),
        ({"id": TOLVAN, "time": "x"}, Reason.IDENTITY_IN_REFERENCE),
        ({"time": "x"}, Reason.TIME_INVALID),
    ],
)
def test_the_first_fault_in_the_fixed_order_is_the_one_told(change: dict[str, object], expected: Reason) -> None:
    assert fault(structured(EVENT, **change))[0] is expected


class _Lax:
    """A catalogue whose schemas ask for nothing: the contract is wider than what the service reads."""

    types: Mapping[str, EventType] = MappingProxyType({})

    def violation(self, type_name: str, data: object) -> str | None:
        return None

    def mark_kind(self, type_name: str) -> Literal["handled", "withdrawn"] | None:
        return "handled"

    def unknown(self, type_name: str) -> Reason:
        raise AssertionError(type_name)


@pytest.mark.holds("B24")
@pytest.mark.parametrize("data", [{}, {"matter": 5, "at": "x"}, {"matter": "m", "at": "x", "what": "eaten"}])
def test_a_schema_that_asks_for_too_little_still_gives_poison(data: dict[str, object]) -> None:
    with pytest.raises(Poison) as caught:
        decode(structured(MARK, data=data), _Lax(), register(), PSEUDONYMISER, NOW)
    assert (caught.value.reason, caught.value.field) == (Reason.SCHEMA_VIOLATED, "/data")


def _examples(kind: str) -> list[tuple[str, dict[str, object]]]:
    entries = [orjson.loads(content) for path, content in contract().items() if path.startswith(("events/", "marks/"))]
    return [
        (f"{entry.get('type', entry.get('mark'))}: {example['name']}", example)
        for entry in entries
        for example in entry["examples"][kind]
    ]


@pytest.mark.holds("R1", "A1")
@pytest.mark.parametrize(("name", "example"), _examples("good"), ids=lambda value: value if type(value) is str else "")
def test_every_good_example_of_the_contract_is_read_alike_in_both_modes(name: str, example: dict[str, object]) -> None:
    content = example["event"]
    assert isinstance(content, dict)
    assert read(structured(content)) == read(binary(content)), name


@pytest.mark.holds("R1", "B24")
@pytest.mark.parametrize(("name", "example"), _examples("bad"), ids=lambda value: value if type(value) is str else "")
def test_every_bad_example_of_the_contract_is_refused_as_it_says(name: str, example: dict[str, object]) -> None:
    assert fault(structured(example["event"])) == (example["reason"], example["field"]), name


@pytest.mark.holds("B24", "I12")
def test_a_poll_comes_out_in_order_each_record_once() -> None:
    values = [orjson.dumps(EVENT), b"{", orjson.dumps(MARK), None]
    records = [record(value, offset=offset) for offset, value in enumerate(values)]
    decoded = decode_all(records, catalogue(), register(), PSEUDONYMISER, NOW)
    assert [(read.position.offset, type(read.item)) for read in decoded.reads] == [(0, Event), (2, Mark)]
    assert [(letter.position.offset, letter.reason) for letter in decoded.letters] == [
        (1, Reason.NOT_JSON),
        (3, Reason.EMPTY),
    ]
    assert {(read.position.topic, read.position.partition) for read in decoded.reads} == {("1177.events", 3)}
    assert [unpack(letter.raw).value for letter in decoded.letters] == [b"{", None]


@pytest.mark.holds("I12")
def test_a_record_was_appended_when_kafka_says_or_now_if_it_cannot_be() -> None:
    def appended(stamp: int) -> datetime:
        raw = record(orjson.dumps(EVENT), timestamp_ms=stamp)
        return decode_all([raw], catalogue(), register(), PSEUDONYMISER, NOW).reads[0].appended_at

    assert appended(1_795_334_399_250) == NOW - timedelta(milliseconds=750)
    assert appended(-1) == appended(2**62) == NOW


MENTIONED = [
    (structured(EVENT, time="x"), ("urn:se:1177:tidbok", "7f0c2c1e")),
    (binary(EVENT, time="x"), ("urn:se:1177:tidbok", "7f0c2c1e")),
    (structured(EVENT, id=TOLVAN), ("urn:se:1177:tidbok", None)),
    (structured(EVENT, source="urn:121212-1212"), (None, "7f0c2c1e")),
    (structured(EVENT, id=5, source=""), (None, None)),
    (structured(EVENT, id="x" * 257), ("urn:se:1177:tidbok", None)),
    (structured(EVENT, id="a\0b"), ("urn:se:1177:tidbok", None)),
    (structured([EVENT]), (None, None)),
    (record(b"{"), (None, None)),
    (record(None), (None, None)),
    (record(b" " * 300_000), (None, None)),
    (record(None, headers=binary(EVENT).headers), ("urn:se:1177:tidbok", "7f0c2c1e")),
    (record(b"{}", headers=[*binary(EVENT).headers, ("ce_id", b"2")]), (None, None)),
]


@pytest.mark.holds("B24", "A27")
@pytest.mark.parametrize(("raw", "expected"), MENTIONED)
def test_a_dead_letter_names_source_and_id_only_if_they_are_safe(
    raw: RawRecord, expected: tuple[str | None, str | None]
) -> None:
    decoded = decode_all([raw], catalogue(), register(), PSEUDONYMISER, NOW)
    assert decoded.reads == ()
    assert (decoded.letters[0].source, decoded.letters[0].id) == expected


@pytest.mark.holds("B24", "I10")
def test_a_dead_letter_keeps_the_whole_record_for_replay_and_does_not_show_it() -> None:
    raw = record(orjson.dumps(EVENT | {"time": "x"}), key=b"\xff", headers=[("ce_x", None), ("y", b"\0")])
    letter = decode_all([raw], catalogue(), register(), PSEUDONYMISER, NOW).letters[0]
    assert unpack(letter.raw) == msgspec.structs.replace(raw, headers=unpack(letter.raw).headers)
    assert [tuple(header) for header in unpack(letter.raw).headers] == list(raw.headers)
    assert TOLVAN not in repr(letter)


@pytest.mark.holds("B24")
def test_a_field_name_that_hides_a_number_is_left_out() -> None:
    class Telling(_Lax):
        def violation(self, type_name: str, data: object) -> str | None:
            return f"/data/{TOLVAN}"

    letter = decode_all([structured(MARK)], Telling(), register(), PSEUDONYMISER, NOW).letters[0]
    assert (letter.reason, letter.field) == (Reason.SCHEMA_VIOLATED, None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
TIMES = st.datetimes().map(lambda time: time.isoformat() + "Z")
FIELDS = st.dictionaries(st.sampled_from([*DATA, "at", "by", "what", "live", "proxies"]), JSON | TIMES, max_size=4)


@pytest.mark.holds("B24")
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([EVENT, MARK]),
    st.dictionaries(st.sampled_from(list(EVENT)), JSON | TIMES, max_size=2),
    FIELDS,
)
def test_any_json_in_any_field_is_read_or_poison(
    content: dict[str, object], changes: dict[str, object], fields: dict[str, object]
) -> None:
    data = content["data"]
    assert isinstance(data, dict)
    value = orjson.dumps(_writable({**content, "data": data | fields} | changes))
    decoded = decode_all([record(value)], catalogue(), register(), PSEUDONYMISER, NOW)
    assert len(decoded.reads) + len(decoded.letters) == 1


def _writable(value: object) -> object:
    """Keep what JSON can say: orjson writes no integers beyond 64 bits."""
    if isinstance(value, dict):
        return {key: _writable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_writable(inner) for inner in value]
    return max(-(2**63), min(value, 2**64 - 1)) if type(value) is int else value


@pytest.mark.holds("B24")
@given(st.binary(max_size=120), st.integers(0, 400), st.integers(0, 40))
def test_a_damaged_event_is_read_or_poison(noise: bytes, start: int, length: int) -> None:
    value = orjson.dumps(EVENT)
    damaged = value[:start] + noise + value[start + length :]
    decoded = decode_all([record(damaged)], catalogue(), register(), PSEUDONYMISER, NOW)
    assert len(decoded.reads) + len(decoded.letters) == 1
