"""Residents, proxies and heartbeats (DESIGN 8, B7, B21, B22, B25, A9, A12, A14, A17)."""

from datetime import UTC, date, datetime, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.faults import Poison
from notifier.domain.identifiers import Pseudonym
from notifier.domain.reasons import DeadLetterReason as Reason
from notifier.wire.heartbeats import Heartbeat, decode_heartbeat, is_heartbeat
from notifier.wire.numbers import parse_subject
from notifier.wire.proxies import ProxyChange, decode_proxy
from notifier.wire.records import RawRecord
from notifier.wire.residents import ResidentChange, decode_resident
from tests.wire.samples import CHILD, COORDINATED, NOW, PSEUDONYMISER, TOLVAN, attempt, record

RESIDENT = {
    "region": "01",
    "born": "1912-12-12",
    "protected": False,
    "deceased": None,
    "active": True,
    "paper_opt_out": False,
    "language": "sv",
    "phone": "+46701234567",
    "email": "a@example.se",
    "contact_set_by": "self",
    "contact_verified_at": None,
    "sms": True,
    "email_on": True,
    "changed_at": "2026-01-01T00:00:00Z",
    "linked": [],
    "replaced_by": None,
    "test": False,
    "version": 12,
}
PROXY = {"relation": "guardian", "valid_from": "2020-05-01", "valid_to": None, "blocked": False, "version": 3}
PAIR = f"{CHILD}:{TOLVAN}".encode()


def name(number: str) -> Pseudonym:
    return PSEUDONYMISER.pseudonym(parse_subject(number))


def resident(key: str = TOLVAN, **changes: object) -> ResidentChange:
    return decode_resident(record(orjson.dumps(RESIDENT | changes), key=key.encode()), PSEUDONYMISER)


def without(*names: str) -> ResidentChange:
    left = {field: value for field, value in RESIDENT.items() if field not in names}
    return decode_resident(record(orjson.dumps(left), key=TOLVAN.encode()), PSEUDONYMISER)


def proxy(**changes: object) -> ProxyChange:
    return decode_proxy(record(orjson.dumps(PROXY | changes), key=PAIR), PSEUDONYMISER)


def fault(raw: RawRecord) -> tuple[Reason, str | None]:
    with pytest.raises(Poison) as caught:
        decode_proxy(raw, PSEUDONYMISER) if b":" in (raw.key or b"") else decode_resident(raw, PSEUDONYMISER)
    return caught.value.reason, caught.value.field


@pytest.mark.holds("B25", "A9")
def test_a_resident_is_read_whole() -> None:
    assert resident() == ResidentChange(
        pseudonym=name(TOLVAN),
        version=12,
        tombstone=False,
        region="01",
        born_younger=date(1912, 12, 12),
        born_older=date(1912, 12, 12),
        protected=False,
        deceased=None,
        active=True,
        paper_opt_out=False,
        language="sv",
        phone="+46701234567",
        email="a@example.se",
        contact_set_by="self",
        contact_verified_at=None,
        sms=True,
        email_on=True,
        changed_at=datetime(2026, 1, 1, tzinfo=UTC),
        linked=(),
        replaced_by=None,
        test=False,
        faults=(),
    )


@pytest.mark.holds("B22", "A9")
def test_a_tombstone_says_only_whom() -> None:
    gone = decode_resident(record(None, key=TOLVAN.encode()), PSEUDONYMISER)
    assert (gone.pseudonym, gone.tombstone, gone.protected, gone.active) == (name(TOLVAN), True, True, False)
    over = decode_proxy(record(None, key=PAIR), PSEUDONYMISER)
    assert (over.child, over.guardian, over.tombstone, over.blocked) == (name(CHILD), name(TOLVAN), True, True)


@pytest.mark.holds("B7")
@pytest.mark.parametrize("value", [True, None, "no", "false", 0, 1, [], {}, "unknown"])
def test_an_unknown_value_of_protected_is_true_and_takes_the_contact_points_away(value: object) -> None:
    change = resident(protected=value)
    assert (change.protected, change.phone, change.email) == (True, None, None)
    assert without("protected").protected


@pytest.mark.holds("A9")
@pytest.mark.parametrize("version", [None, "12", 12.5, True, -1, 2**63, [12]])
def test_a_missing_or_unusable_version_is_refused(version: object) -> None:
    for key, content in ((TOLVAN.encode(), RESIDENT), (PAIR, PROXY)):
        assert fault(record(orjson.dumps(content | {"version": version}), key=key)) == (
            Reason.SCHEMA_VIOLATED,
            "/version",
        )
        left = {field: value for field, value in content.items() if field != "version"}
        assert fault(record(orjson.dumps(left), key=key)) == (Reason.SCHEMA_VIOLATED, "/version")


@pytest.mark.holds("B25", "A1")
@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (None, Reason.SUBJECT_INVALID),
        (b"", Reason.SUBJECT_INVALID),
        (b"\xff" * 12, Reason.SUBJECT_INVALID),
        (b"991981000010", Reason.SUBJECT_INVALID),
        (b"191212121213", Reason.CHECK_DIGIT),
        (b"201806062384:", Reason.SUBJECT_INVALID),
        (b":191212121212", Reason.SUBJECT_INVALID),
        (b"201806062384:191212121213", Reason.CHECK_DIGIT),
        (b"201806062384:191212121212:", Reason.SUBJECT_INVALID),
        (b"191212121212:191212121212", Reason.SUBJECT_INVALID),
    ],
)
def test_a_key_that_is_no_number_is_refused_even_for_a_tombstone(key: bytes | None, reason: Reason) -> None:
    assert fault(record(None, key=key)) == (reason, "/key")


@pytest.mark.holds("A12")
@pytest.mark.parametrize(
    ("key", "born", "younger", "older"),
    [
        (CHILD, "2018-06-06", date(2018, 6, 6), date(2018, 6, 6)),
        (CHILD, "2012-01-31", date(2018, 6, 6), date(2012, 1, 31)),
        (CHILD, "2019-02-28", date(2019, 2, 28), date(2018, 6, 6)),
        (CHILD, None, date(2018, 6, 6), date(2018, 6, 6)),
        (CHILD, "2018-02-30", date(2018, 6, 6), date(2018, 6, 6)),
        ("00003040XZ20", "1980-02-29", date(1980, 2, 29), date(1980, 2, 29)),
        ("00003040XZ20", None, None, None),
    ],
)
def test_the_younger_and_the_older_of_two_birth_dates_are_kept(
    key: str, born: str | None, younger: date | None, older: date | None
) -> None:
    change = resident(key, born=born)
    assert (change.born_younger, change.born_older) == (younger, older)


@pytest.mark.holds("B13")
@pytest.mark.parametrize(
    ("value", "day"),
    [
        (None, None),
        (False, None),
        ("2026-03-01", date(2026, 3, 1)),
        ("2026-03-01T00:00:00Z", date(1900, 1, 1)),
        (True, date(1900, 1, 1)),
        ("yes", date(1900, 1, 1)),
        (0, date(1900, 1, 1)),
    ],
)
def test_whatever_is_not_plainly_alive_is_dead(value: object, day: date | None) -> None:
    assert resident(deceased=value).deceased == day


@pytest.mark.holds("B2", "B16", "B17", "A16")
def test_what_is_not_said_or_cannot_be_used_is_the_stricter() -> None:
    for names in (("region",), ("language",), ("phone",), ("email",), ("contact_set_by",), ("linked",)):
        assert without(*names).faults == ()
    bare = decode_resident(record(b'{"version": 0}', key=TOLVAN.encode()), PSEUDONYMISER)
    assert bare == ResidentChange(
        pseudonym=name(TOLVAN), born_younger=date(1912, 12, 12), born_older=date(1912, 12, 12)
    )
    for value in ("yes", 1, None, []):
        change = resident(active=value, sms=value, email_on=value, paper_opt_out=value, test=value)
        assert (change.active, change.sms, change.email_on) == (False, False, False)
        assert (change.paper_opt_out, change.test) == (False, False)
    assert resident(test=True, paper_opt_out=True).test
    assert resident(contact_set_by="guardian").contact_set_by == "guardian"
    assert resident(contact_set_by="neighbour").contact_set_by is None
    assert [resident(region=value).region for value in ("14", "1", "1\n", "٠١", "001", None)] == ["14", *["00"] * 5]
    assert [resident(language=value).language for value in ("en", "SV", "x\0", None)] == ["en", "sv", "sv", "sv"]


@pytest.mark.holds("B7", "B38")
@pytest.mark.parametrize(
    "phone", ["0701234567", "+46 70 123", "+0701234567", "+4670123456789012", "+467\n", "+46x", ""]
)
def test_a_number_that_is_not_e164_is_not_kept(phone: str) -> None:
    assert resident(phone=phone).phone is None
    assert resident(phone="+4570123456").phone == "+4570123456"


@pytest.mark.holds("R6", "R4")
@pytest.mark.parametrize("email", ["a", "@b.se", "a@", "a b@c.se", "a@b@c", "a@b\n", "a@" + "b" * 200, "å\0@b.se"])
def test_what_is_no_address_is_not_kept(email: str) -> None:
    assert resident(email=email).email is None


@pytest.mark.holds("B7", "B22")
def test_one_wrong_field_never_keeps_a_protection_from_us() -> None:
    change = resident(
        protected=True, born=5, phone=["x"], email="\0", changed_at="2026-01-01T00:00:00", linked="x", unknown={}
    )
    assert (change.protected, change.version, change.changed_at, change.linked) == (True, 12, None, ())
    assert change.faults == ("born", "changed_at", "linked", "phone")
    assert change.born_younger == date(1912, 12, 12)


@pytest.mark.holds("B25")
def test_linked_and_replacing_numbers_become_pseudonyms_and_local_ones_say_nothing() -> None:
    change = resident(linked=[CHILD, "19810829M071", TOLVAN, COORDINATED, CHILD], replaced_by=COORDINATED)
    assert change.linked == (name(CHILD), name(COORDINATED))
    assert change.replaced_by == name(COORDINATED)
    assert resident(replaced_by="991981000010").replaced_by is None
    assert resident(replaced_by=TOLVAN).replaced_by is None


@pytest.mark.holds("A14")
def test_a_proxy_is_read_whole() -> None:
    assert proxy(valid_to="2031-06-06") == ProxyChange(
        child=name(CHILD),
        guardian=name(TOLVAN),
        guardian_relation=True,
        valid_from=date(2020, 5, 1),
        valid_to=date(2031, 6, 6),
        blocked=False,
        version=3,
        tombstone=False,
    )
    assert proxy().valid_to is None


@pytest.mark.holds("A14", "B22")
def test_what_a_proxy_does_not_plainly_allow_it_does_not_allow() -> None:
    assert [proxy(blocked=value).blocked for value in (True, None, "no", 0)] == [True] * 4
    assert [proxy(relation=value).guardian_relation for value in ("friend", None, 1)] == [False] * 3
    bare = decode_proxy(record(b'{"version": 7}', key=PAIR), PSEUDONYMISER)
    assert (bare.blocked, bare.guardian_relation, bare.version) == (True, False, 7)
    assert bare.valid_from > date(2900, 1, 1)
    assert proxy(valid_from="soon").valid_from > date(2900, 1, 1)
    assert proxy(valid_to="later").valid_to == date(1900, 1, 1)


@pytest.mark.holds("B24", "A9")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"", (Reason.NOT_JSON, None)),
        (b"{", (Reason.NOT_JSON, None)),
        (b"[]", (Reason.SCHEMA_VIOLATED, "/")),
        (b"null", (Reason.SCHEMA_VIOLATED, "/")),
        (b'{"version": 1, "version\xff": 2, }', (Reason.NOT_UTF8, None)),
        (b'{"version": 1, "x": ' + b"[" * 100_000, (Reason.NESTED_TOO_DEEP, None)),
        (b'{"version": 1, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", (Reason.NESTED_TOO_DEEP, None)),
        (b'{"version": 1}' + b" " * 262_144, (Reason.TOO_LARGE, None)),
    ],
)
def test_a_value_that_cannot_be_read_is_poison(value: bytes, expected: tuple[Reason, str | None]) -> None:
    assert fault(record(value, key=TOLVAN.encode())) == expected
    assert fault(record(value, key=PAIR)) == expected


@pytest.mark.holds("B24")
def test_a_text_that_is_not_utf8_is_poison_where_it_would_be_read() -> None:
    raw = record(b'{"version": 1, "region": "\xff"}', key=TOLVAN.encode())
    assert fault(raw) == (Reason.NOT_UTF8, None)


@pytest.mark.holds("I10")
def test_changes_do_not_show_whom_they_are_about() -> None:
    assert repr(resident()) == "ResidentChange(version=12)"
    assert repr(proxy()) == "ProxyChange(version=3)"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=2),
    max_leaves=6,
)


@pytest.mark.holds("B24", "B7")
@given(st.dictionaries(st.sampled_from([*RESIDENT, *PROXY]), ANYTHING, max_size=6), st.booleans())
def test_any_json_is_a_change_or_poison_and_never_looser_than_it_says(fields: dict[str, object], pair: bool) -> None:
    raw = record(orjson.dumps(RESIDENT | PROXY | fields), key=PAIR if pair else TOLVAN.encode())
    change = attempt(lambda: decode_proxy(raw, PSEUDONYMISER) if pair else decode_resident(raw, PSEUDONYMISER))
    if isinstance(change, Poison):
        assert change.field == "/version"
        return
    if isinstance(change, ProxyChange):
        assert change.blocked == (fields.get("blocked", False) is not False)
    else:
        assert change.protected == (fields.get("protected", False) is not False)


@pytest.mark.holds("R6", "R4")
@given(st.none() | st.binary(max_size=60), st.none() | st.binary(max_size=60))
def test_any_bytes_are_a_change_a_heartbeat_or_poison(key: bytes | None, value: bytes | None) -> None:
    for own in (key, TOLVAN.encode(), PAIR, b"heartbeat:3"):
        raw = record(value, key=own)
        assert isinstance(attempt(lambda raw=raw: decode_resident(raw, PSEUDONYMISER)), ResidentChange | Poison)
        assert isinstance(attempt(lambda raw=raw: decode_proxy(raw, PSEUDONYMISER)), ProxyChange | Poison)
        assert isinstance(attempt(lambda raw=raw: decode_heartbeat(raw, NOW)), Heartbeat | Poison)


def beat(complete_to: object, key: bytes = b"heartbeat:3", partition: int = 3) -> RawRecord:
    return record(orjson.dumps({"complete_to": complete_to}), key=key, partition=partition)


@pytest.mark.holds("B21")
def test_a_heartbeat_says_up_to_when_its_partition_is_complete() -> None:
    assert is_heartbeat(beat("x"))
    assert not is_heartbeat(record(None, key=TOLVAN.encode()))
    assert not is_heartbeat(record(None))
    assert decode_heartbeat(beat("2026-11-22T08:59:30+01:00"), NOW) == Heartbeat(
        partition=3, complete_to=NOW - timedelta(seconds=30)
    )
    assert decode_heartbeat(beat("2020-01-01T00:00:00Z", b"heartbeat:0", 0), NOW).partition == 0


@pytest.mark.holds("B21")
def test_a_fast_clock_does_not_make_a_feed_fresher_than_now() -> None:
    assert decode_heartbeat(beat("2026-11-22T08:59:00Z"), NOW).complete_to == NOW


@pytest.mark.holds("B21", "A3")
@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (beat("2026-11-22T09:00:01Z"), (Reason.TIME_IMPOSSIBLE, "/complete_to")),
        (beat("2026-11-22T08:00:00"), (Reason.TIME_INVALID, "/complete_to")),
        (beat(None), (Reason.SCHEMA_VIOLATED, "/complete_to")),
        (record(b"[]", key=b"heartbeat:3"), (Reason.SCHEMA_VIOLATED, "/complete_to")),
        (record(b"{", key=b"heartbeat:3"), (Reason.NOT_JSON, None)),
        (record(None, key=b"heartbeat:3"), (Reason.EMPTY, None)),
        (beat("2026-11-22T08:00:00Z", b"heartbeat:4"), (Reason.SCHEMA_VIOLATED, "/key")),
        (beat("2026-11-22T08:00:00Z", b"heartbeat:03"), (Reason.SCHEMA_VIOLATED, "/key")),
        (beat("2026-11-22T08:00:00Z", b"heartbeat:"), (Reason.SCHEMA_VIOLATED, "/key")),
        (beat("2026-11-22T08:00:00Z", b"heartbeat:3\n"), (Reason.SCHEMA_VIOLATED, "/key")),
    ],
)
def test_a_heartbeat_that_proves_nothing_is_refused(raw: RawRecord, expected: tuple[Reason, str | None]) -> None:
    with pytest.raises(Poison) as caught:
        decode_heartbeat(raw, NOW)
    assert (caught.value.reason, caught.value.field) == expected
