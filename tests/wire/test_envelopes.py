"""CloudEvents in both modes, and all that is wrong with a record before its type is looked at (A1, B24)."""

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notifier.domain.faults import Poison
from notifier.domain.reasons import DeadLetterReason as Reason
from notifier.wire.envelopes import Envelope, unwrap
from notifier.wire.records import RawRecord
from tests.wire.samples import DATA, EVENT, TOLVAN, attempt, binary, record, structured


def fault(raw: RawRecord) -> tuple[Reason, str | None]:
    with pytest.raises(Poison) as caught:
        unwrap(raw)
    return caught.value.reason, caught.value.field


def headers(**changes: bytes | None) -> list[tuple[str, bytes | None]]:
    content = {f"ce_{name}": str(EVENT[name]).encode() for name in EVENT if name not in ("data", "datacontenttype")}
    return [*(content | changes).items()]


@pytest.mark.holds("A1", "R2")
def test_both_modes_say_the_same() -> None:
    expected = Envelope(
        id="7f0c2c1e",
        source="urn:se:1177:tidbok",
        type="se.1177.booking.created.v1",
        subject=TOLVAN,
        time="2026-11-22T08:00:00Z",
        data=dict(DATA),
    )
    assert unwrap(structured(EVENT)) == unwrap(binary(EVENT)) == expected


@pytest.mark.holds("A1")
@pytest.mark.parametrize("name", ["content-type", "Content-Type", "CONTENT-TYPE"])
@pytest.mark.parametrize("kind", [b"application/cloudevents+json; charset=utf-8", b"text/plain", b"\xff", None])
def test_the_content_type_changes_nothing(name: str, kind: bytes | None) -> None:
    assert unwrap(record(orjson.dumps(EVENT), headers=[(name, kind)])).id == "7f0c2c1e"
    assert unwrap(record(orjson.dumps(DATA), headers=[*headers(), (name, kind)])).id == "7f0c2c1e"


@pytest.mark.holds("A1")
def test_header_names_are_read_in_any_case_and_values_without_percent_decoding() -> None:
    shouted = [(name.upper(), value) for name, value in headers(ce_id="å%20ä".encode())]
    assert unwrap(record(orjson.dumps(DATA), headers=shouted)).id == "å%20ä"


@pytest.mark.holds("A1", "B24")
def test_unknown_attributes_headers_and_extensions_are_ignored() -> None:
    assert unwrap(structured(EVENT, traceparent="00-0af7", extra={"a": [1]})).id == "7f0c2c1e"
    more = [*headers(), ("ce_traceparent", b"\xff"), ("ce_traceparent", b"2"), ("ce_", b""), ("other", b"\0")]
    assert unwrap(record(orjson.dumps(DATA), headers=more)).id == "7f0c2c1e"


@pytest.mark.holds("A1", "B24")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, (Reason.EMPTY, None)),
        (b"", (Reason.EMPTY, None)),
        (b" " * (256 * 1024 + 1), (Reason.TOO_LARGE, None)),
        (b"[]", (Reason.BATCH_MODE, None)),
        (orjson.dumps([EVENT]), (Reason.BATCH_MODE, None)),
        (b"\xff\xfe{}", (Reason.NOT_UTF8, None)),
        (b'{"id": "\xe5"}', (Reason.NOT_UTF8, None)),
        (b'{"id": "\xed\xa0\x80"}', (Reason.NOT_UTF8, None)),
        (b"{", (Reason.NOT_JSON, None)),
        (b"not json", (Reason.NOT_JSON, None)),
        (b"\xef\xbb\xbf{}", (Reason.NOT_JSON, None)),
        (b"5", (Reason.NOT_JSON, None)),
        (b"null", (Reason.NOT_JSON, None)),
        (b'"text"', (Reason.NOT_JSON, None)),
        (b'{"id": "\\ud800"}', (Reason.NOT_JSON, None)),
        (b'{"id": 1e999}', (Reason.NOT_JSON, None)),
        (b'{"id": NaN}', (Reason.NOT_JSON, None)),
        (b'{"id": "\x00"}', (Reason.NUL_CHARACTER, None)),
        (b'{"id": "\\u0000"}', (Reason.NUL_CHARACTER, None)),
        (b'{"id": "\\\\\\u0000"}', (Reason.NUL_CHARACTER, None)),
        (b'{"a\\u0000": 1}', (Reason.NUL_CHARACTER, None)),
        (b"{}", (Reason.ATTRIBUTE_MISSING, "/specversion")),
        (b'{"specversion": null}', (Reason.ATTRIBUTE_MISSING, "/specversion")),
    ],
)
def test_a_record_that_cannot_be_read_says_why(value: bytes | None, expected: tuple[Reason, str | None]) -> None:
    assert fault(record(value)) == expected


@pytest.mark.holds("B24")
def test_exactly_256_kib_is_not_too_large() -> None:
    value = orjson.dumps(EVENT)
    assert unwrap(record(value + b" " * (256 * 1024 - len(value)))).id == "7f0c2c1e"


@pytest.mark.holds("B24")
def test_an_escaped_backslash_before_u0000_is_no_nul() -> None:
    value = orjson.dumps(EVENT).replace(b"7f0c2c1e", b"\\\\u0000")
    assert unwrap(record(value)).id == "\\u0000"


def _nested(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


@pytest.mark.holds("B24")
@pytest.mark.parametrize("opened", [b"[", b'{"a":'])
@pytest.mark.parametrize("levels", [34, 1_000, 40_000])
def test_deep_nesting_is_found_whether_or_not_it_is_closed(opened: bytes, levels: int) -> None:
    assert fault(record(opened * levels)) == (Reason.NESTED_TOO_DEEP, None)
    assert fault(record(orjson.dumps(DATA)[:-1] + b',"b":' + opened * levels, headers=headers())) == (
        Reason.NESTED_TOO_DEEP,
        None,
    )


@pytest.mark.holds("B24", "A4")
def test_data_may_be_32_levels_deep_in_either_mode() -> None:
    for levels, good in ((32, True), (33, False)):
        whole = orjson.dumps(EVENT | {"data": None}).replace(b'"data":null', b'"data":' + _nested(levels))
        for raw in (record(whole), record(_nested(levels), headers=headers())):
            if good:
                assert unwrap(raw).data
            else:
                assert fault(raw) == (Reason.NESTED_TOO_DEEP, None)


@pytest.mark.holds("B24")
def test_brackets_in_texts_and_side_by_side_are_no_nesting() -> None:
    noisy = DATA | {"note": '[{"\\' * 50, "list": [[], {}] * 50}
    assert unwrap(structured(EVENT, data=noisy)).data == noisy
    assert unwrap(binary(EVENT, data=noisy)).data == noisy


ATTRIBUTES = ["id", "source", "type", "subject", "time"]


@pytest.mark.holds("A1", "B24")
@pytest.mark.parametrize("name", [*ATTRIBUTES, "specversion", "data"])
def test_a_missing_attribute_is_named_in_both_modes(name: str) -> None:
    less = {key: value for key, value in EVENT.items() if key != name}
    assert fault(structured(less)) == (Reason.ATTRIBUTE_MISSING, f"/{name}")
    assert fault(structured(EVENT, **{name: None})) == (Reason.ATTRIBUTE_MISSING, f"/{name}")


@pytest.mark.holds("A1", "B24")
@pytest.mark.parametrize("name", ATTRIBUTES)
def test_a_missing_or_empty_header_is_named(name: str) -> None:
    for value in (None, b""):
        assert fault(record(b"{}", headers=headers(**{f"ce_{name}": value}))) == (Reason.ATTRIBUTE_MISSING, f"/{name}")
    less = [header for header in headers() if header[0] != f"ce_{name}"]
    assert fault(record(b"{}", headers=less)) == (Reason.ATTRIBUTE_MISSING, f"/{name}")
    assert fault(structured(EVENT, **{name: ""})) == (Reason.ATTRIBUTE_MISSING, f"/{name}")


@pytest.mark.holds("A1", "B24")
def test_binary_data_must_be_an_object() -> None:
    assert fault(record(b"null", headers=headers())) == (Reason.ATTRIBUTE_MISSING, "/data")
    assert fault(record(b"[]", headers=headers())) == (Reason.SCHEMA_VIOLATED, "/data")
    assert fault(record(b"<xml/>", headers=[*headers(), ("content-type", b"text/xml")])) == (Reason.NOT_JSON, None)
    assert fault(structured(EVENT, data="text")) == (Reason.SCHEMA_VIOLATED, "/data")


@pytest.mark.holds("A1", "B24")
@pytest.mark.parametrize("version", ["0.3", "1.0.2", 1.0, "2.0", "", True])
def test_another_specversion_is_refused(version: object) -> None:
    assert fault(structured(EVENT, specversion=version)) == (Reason.SPECVERSION, "/specversion")
    assert fault(binary(EVENT, specversion="0.3")) == (Reason.SPECVERSION, "/specversion")


@pytest.mark.holds("B24")
@pytest.mark.parametrize("name", ATTRIBUTES)
@pytest.mark.parametrize("value", [5, True, ["x"], {"x": "y"}])
def test_an_attribute_of_another_type_breaks_the_schema(name: str, value: object) -> None:
    assert fault(structured(EVENT, **{name: value})) == (Reason.SCHEMA_VIOLATED, f"/{name}")


@pytest.mark.holds("B24")
@pytest.mark.parametrize(("name", "most"), [("id", 256), ("source", 256), ("type", 128)])
def test_an_attribute_has_a_longest_length(name: str, most: int) -> None:
    assert getattr(unwrap(structured(EVENT, **{name: "å" * most})), name) == "å" * most
    for raw in (structured(EVENT, **{name: "x" * (most + 1)}), binary(EVENT, **{name: "x" * (most + 1)})):
        assert fault(raw) == (Reason.SCHEMA_VIOLATED, f"/{name}")


@pytest.mark.holds("A1", "B24")
def test_a_header_that_is_written_twice_or_is_no_text_is_refused() -> None:
    assert fault(record(b"{}", headers=[*headers(), ("CE_Id", b"7f0c2c1e")])) == (Reason.SCHEMA_VIOLATED, "/id")
    assert fault(record(b"{}", headers=headers(ce_source=b"\xff"))) == (Reason.NOT_UTF8, "/source")
    assert fault(record(b"{}", headers=headers(ce_source=b"a\0b"))) == (Reason.NUL_CHARACTER, "/source")


@pytest.mark.holds("I10")
def test_neither_records_nor_envelopes_show_the_subject() -> None:
    assert TOLVAN not in repr(structured(EVENT))
    assert TOLVAN not in repr(unwrap(structured(EVENT)))


HEADERS = st.lists(
    st.tuples(
        st.sampled_from([f"ce_{name}" for name in [*ATTRIBUTES, "specversion"]]) | st.text(max_size=12),
        st.sampled_from([b"1.0", None]) | st.binary(max_size=20),
    ),
    max_size=9,
)


@pytest.mark.holds("B24")
@given(st.none() | st.binary(max_size=200), HEADERS)
@example(b"{}", [("ce_specversion", b"1.0")])
def test_any_bytes_are_an_envelope_or_poison(value: bytes | None, some: list[tuple[str, bytes | None]]) -> None:
    assert isinstance(attempt(lambda: unwrap(record(value, headers=some))), Envelope | Poison)
