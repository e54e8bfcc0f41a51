import orjson
import pytest

from tests.schemas.files import FILES

REGIONS = [orjson.loads(line) for line in FILES["regions.jsonl"].splitlines()]
CODES = "01 03 04 05 06 07 08 09 10 12 13 14 17 18 19 20 21 22 23 24 25"


def luhn(digits: str) -> int:
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(digits)]
    return sum(sum(divmod(value, 10)) for value in doubled) % 10


@pytest.mark.holds("R10")
def test_there_are_the_21_regions() -> None:
    assert [region["code"] for region in REGIONS] == CODES.split()
    assert len({region["name"] for region in REGIONS}) == 21
    names = {region["code"]: region["name"] for region in REGIONS}
    assert (names["05"], names["14"]) == ("Region Östergötland", "Västra Götalandsregionen")


@pytest.mark.holds("R10", "B20")
def test_organisation_numbers_are_the_ones_of_the_regions() -> None:
    numbers = {region["code"]: region["organisation"] for region in REGIONS}
    assert all(len(number) == 10 and luhn(number) == 0 for number in numbers.values())
    assert len(set(numbers.values())) == 21
    assert (numbers["01"], numbers["09"], numbers["12"]) == ("2321000016", "2120000803", "2321000255")


@pytest.mark.holds("R10", "A15")
@pytest.mark.parametrize("region", REGIONS, ids=lambda region: region["code"])
def test_each_line_is_what_the_import_takes(region: dict) -> None:
    assert set(region) == {"code", "name", "organisation", "joined", "from", "withhold_units"}
    assert (region["joined"], region["from"], region["withhold_units"]) == (True, "2026-01-01", [])
