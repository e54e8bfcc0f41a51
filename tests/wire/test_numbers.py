"""Identity numbers against domain.md 2.3 and answers A1, A2, A12."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.faults import Poison
from notifier.domain.reasons import DeadLetterReason
from notifier.wire.numbers import IdentityNumber, born, hidden_in, parse_subject
from tests.wire.samples import CHILD, COORDINATED, TOLVAN, with_check

KNOWN_RESERVE = "22800229AB17"
"""Born 29 February 1980, in the first series of the 1900s (19 + 3 = 22)."""
UNKNOWN_RESERVE = "00003040XZ20"


@pytest.mark.holds("A1", "A12")
@pytest.mark.parametrize(
    ("text", "day"),
    [
        (TOLVAN, date(1912, 12, 12)),
        (CHILD, date(2018, 6, 6)),
        (COORDINATED, date(1981, 2, 4)),
        (with_check("18991231001"), date(1899, 12, 31)),
        (with_check("20000229001"), date(2000, 2, 29)),
        (with_check("19811291001"), date(1981, 12, 31)),
        (with_check("19810060001"), None),
        (with_check("19810065001"), None),
        (with_check("19811260001"), None),
        (with_check("19810291001"), None),
        (KNOWN_RESERVE, date(1980, 2, 29)),
        ("23120606AB17", date(2012, 6, 6)),
        ("97991231ZZ0X"[:11] + "5", date(1999, 12, 31)),
        ("98000229AB15", date(2000, 2, 29)),
        ("22800229ABC7", date(1980, 2, 29)),
        (UNKNOWN_RESERVE, None),
    ],
)
def test_a_national_number_is_a_subject_and_says_its_birth_date_where_it_has_one(text: str, day: date | None) -> None:
    assert born(parse_subject(text)) == day


@pytest.mark.holds("A1", "B24")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "1212121212",
        "19121212-1212",
        "121212-1212 ",
        " 91212121212",
        with_check("17121212121"),
        with_check("21121212121"),
        with_check("19121312121"),
        with_check("19120230121"),
        with_check("19121259121"),
        with_check("19121292121"),
        with_check("19121360121"),
        with_check("19000229001"),
        "991981000010",
        "19810829M071",
        "19810829SU3A",
        "24800229AB17",
        "21800229AB17",
        "99800229AB17",
        "22810229AB17",
        "22800229ab17",
        "22800229AO17",
        "22800229AV17",
        "228002291B17",
        "22800229AB1A",
        "00801240AB17",
        "00002039AB17",
        "00001940AB17",
        "00002060AB17",
        "١٩١٢١٢١٢١٢١٢",
        "²⁹¹²¹²¹²¹²¹²",
    ],
)
def test_what_is_no_national_number_is_no_subject(text: str) -> None:
    with pytest.raises(Poison) as caught:
        parse_subject(text)
    assert (caught.value.reason, caught.value.field) == (DeadLetterReason.SUBJECT_INVALID, "/subject")


@pytest.mark.holds("A1", "B24")
@given(st.integers(0, 9))
def test_only_one_check_digit_is_right(digit: int) -> None:
    text = TOLVAN[:11] + str(digit)
    if digit == int(TOLVAN[11]):
        assert parse_subject(text) == TOLVAN
        return
    with pytest.raises(Poison) as caught:
        parse_subject(text, "/data/by")
    assert (caught.value.reason, caught.value.field) == (DeadLetterReason.CHECK_DIGIT, "/data/by")


@pytest.mark.holds("B24", "A12")
@given(st.text(max_size=14))
def test_any_text_is_a_subject_or_poison(text: str) -> None:
    try:
        number = parse_subject(text)
    except Poison:
        return
    assert number == text


@pytest.mark.holds("B24", "A12")
@given(st.dates(date(1800, 1, 1), date(2099, 12, 31)), st.integers(0, 999), st.booleans())
def test_every_born_person_and_coordinated_person_has_a_number_that_says_the_day(
    day: date, serial: int, coordinated: bool
) -> None:
    text = with_check(f"{day:%Y%m}{day.day + 60 * coordinated:02}{serial:03}")
    assert born(parse_subject(text)) == day
    assert hidden_in(f"case/{text}")
    assert hidden_in(f"case/{text[2:]}")


@pytest.mark.holds("B24", "A12")
def test_the_birth_date_of_what_is_no_number_is_unknown() -> None:
    assert born(IdentityNumber("LOCAL-NUMBER")) is None


@pytest.mark.holds("A2", "B24")
@pytest.mark.parametrize(
    "text",
    [
        TOLVAN,
        "1212121212",
        "121212-1212",
        "121212+1212",
        "19121212-1212",
        "19121212+1212",
        "m-191212121212",
        "x1212121212y",
        "case_121212-1212_2",
        "urn:se:1177:191212121212:inkorg",
        "198102642397",
        "8102642397",
        "810264-2397",
        "000101-1212121212",
        with_check("20000229001")[2:],
        "1-2-3 4567890123 1212121212",
    ],
)
def test_an_identity_number_is_found_in_a_reference(text: str) -> None:
    assert hidden_in(text)


@pytest.mark.holds("A2", "B24")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "m-8812",
        "7f0c2c1e-2b8a-4b0e-9d0a-1a2b3c4d5e6f",
        "SE2321000016-A1B2",
        "SE165565594230-1000",
        "191212121213",
        "1212121213",
        "1912121212121",
        "01212121212",
        "121212--1212",
        "121212 1212",
        "12121-21212",
        "121212-12121",
        "1121212-1212",
        with_check("19121312121"),
        with_check("19120230121"),
        with_check("19121292121"),
        with_check("19121260121"),
        with_check("17121212121"),
        with_check("99121212121"),
        with_check("19010229001")[2:],
        "١٢١٢١٢١٢١٢",
        "00003040XZ20",
    ],
)
def test_an_ordinary_reference_is_left_alone(text: str) -> None:
    assert not hidden_in(text)
