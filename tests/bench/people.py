"""Made-up residents: 80 % adults with one phone, 8 % with two, 12 % children with one or two guardians."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
import orjson

from notifier.wire.imports import Region

CHILDREN, TWO_PHONES, IOS, TWO_GUARDIANS = 0.12, 0.08, 0.59, 0.6
_SEED = 1177
_ADULTS_BORN, _ADULT_DAYS = date(1940, 1, 1), 21_900
_CHILD_DAYS = 12 * 365


class Resident(msgspec.Struct, frozen=True, kw_only=True):
    """One made-up person; children have no phone of their own."""

    number: str
    born: date
    region: Region
    phones: int
    guardians: tuple[str, ...] = ()


def make_people(count: int, regions: Sequence[Region], today: date) -> list[Resident]:
    """Make the same people each time; children are 0 to 11 years old."""
    chance = random.Random(_SEED)
    adults = [_make_adult(at, regions, chance) for at in range(count - round(count * CHILDREN))]
    children = [_make_child(at, regions, adults, chance, today) for at in range(count - len(adults))]
    return adults + children


def write_residents(people: Sequence[Resident]) -> tuple[list[bytes], list[bytes]]:
    """Give keys and values of the topic of residents."""
    return [person.number.encode() for person in people], [_write(at, person) for at, person in enumerate(people)]


def write_links(people: Sequence[Resident]) -> tuple[list[bytes], list[bytes]]:
    """Give keys and values of the topic of proxies."""
    value = {"relation": "guardian", "valid_to": None, "blocked": False, "version": 1}
    pairs = [(child, guardian) for child in people for guardian in child.guardians]
    keys = [f"{child.number}:{guardian}".encode() for child, guardian in pairs]
    return keys, [orjson.dumps(value | {"valid_from": child.born}) for child, _ in pairs]


def write_devices(people: Sequence[Resident]) -> Iterator[bytes]:
    """Give the lines of `notifier import devices`."""
    chance, registered_at = random.Random(_SEED), datetime.now(UTC) - timedelta(days=1)
    for person in people:
        for _ in range(person.phones):
            ios, token = chance.random() < IOS, chance.randbytes(32).hex()
            yield orjson.dumps(
                {
                    "person": person.number,
                    "platform": "ios" if ios else "android",
                    "environment": "production",
                    "token": token if ios else f"fcm-{token}:{token * 2}",
                    "registered_at": registered_at,
                }
            )


def _make_adult(at: int, regions: Sequence[Region], chance: random.Random) -> Resident:
    born = _ADULTS_BORN + timedelta(days=at % _ADULT_DAYS)
    phones = 2 if chance.random() < TWO_PHONES / (1 - CHILDREN) else 1
    number = _number(born, 999 - at // _ADULT_DAYS)
    return Resident(number=number, born=born, region=chance.choice(regions), phones=phones)


def _make_child(
    at: int, regions: Sequence[Region], adults: Sequence[Resident], chance: random.Random, today: date
) -> Resident:
    born = today - timedelta(days=1 + at % _CHILD_DAYS)
    guardians = chance.sample(adults, 2 if chance.random() < TWO_GUARDIANS else 1)
    return Resident(
        number=_number(born, 999 - at // _CHILD_DAYS),
        born=born,
        region=chance.choice(regions),
        phones=0,
        guardians=tuple(guardian.number for guardian in guardians),
    )


def _number(born: date, serial: int) -> str:
    """Write an identity number with its check digit; serials from 980 are the Tax Agency's test series."""
    digits = f"{born:%y%m%d}{serial:03}"
    doubled = [int(digit) * (2 if at % 2 == 0 else 1) for at, digit in enumerate(digits)]
    return f"{born:%Y%m%d}{serial:03}{-sum(value // 10 + value % 10 for value in doubled) % 10}"


def _write(at: int, person: Resident) -> bytes:
    adult = not person.guardians
    return orjson.dumps(
        {
            "version": 1,
            "region": person.region.code,
            "born": person.born,
            "protected": False,
            "active": True,
            "language": "sv",
            # Numbers that the Post and Telecom Authority keeps for fiction.
            "phone": f"+4670174{605 + at % 95:04}" if adult else None,
            "email": f"resident-{at}@example.invalid" if adult else None,
            "contact_set_by": "self",
            "sms": True,
            "email_on": True,
            "changed_at": "2026-01-01T00:00:00Z",
        }
    )
