"""Made-up people with phones: adults with one iPhone and one Android phone, children with two guardians."""

import os
import random
from base64 import b64encode
from datetime import UTC, date, datetime, timedelta

import msgspec
import orjson

_ADULTS_BORN, _CHILDREN_BORN = date(1950, 1, 1), date(2018, 1, 1)
_TEST_SERIALS = 980
"""From here on the Tax Agency's test series."""


class Phone(msgspec.Struct, frozen=True, kw_only=True):
    """An app installation, with the key that it made itself."""

    platform: str
    token: str
    content_key: bytes


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One made-up resident."""

    number: str
    born: date
    phones: tuple[Phone, ...] = ()
    guardians: tuple[str, ...] = ()

    @property
    def phone_number(self) -> str:
        """A number that the Post and Telecom Authority keeps for fiction."""
        return f"+4670174{605 + int(self.number[8:11]) % 95:04}"

    @property
    def email(self) -> str:
        """An address that leads nowhere."""
        return f"resident.{self.born:%j}.{self.number[8:11]}@example.invalid"


def make_adults(count: int, seed: int = 0) -> list[Person]:
    """Make adults, the same numbers for the same seed; the tokens are new each time."""
    chance = random.Random(seed)
    days = chance.sample(range(18_000), count)
    return [_make_adult(_ADULTS_BORN + timedelta(days=day), chance.randrange(10)) for day in days]


def make_children(count: int, guardians: list[Person], seed: int = 0) -> list[Person]:
    """Make children of five to eight years with two guardians each and no phone."""
    chance = random.Random(seed)
    days = chance.sample(range(1_000), count)
    born = [_CHILDREN_BORN + timedelta(days=day) for day in days]
    pairs = [chance.sample(guardians, 2) for _ in days]
    return [
        Person(number=make_number(one, _TEST_SERIALS + 10), born=one, guardians=tuple(each.number for each in pair))
        for one, pair in zip(born, pairs, strict=True)
    ]


def make_number(born: date, serial: int) -> str:
    """Write an identity number with its check digit."""
    digits = f"{born:%y%m%d}{serial:03}"
    doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(digits)]
    return f"{born:%Y%m%d}{serial:03}{-sum(value // 10 + value % 10 for value in doubled) % 10}"


def write_resident(person: Person, version: int = 1, **changes: object) -> bytes:
    """Write the value of a record in the topic of residents."""
    value = {
        "version": version,
        "region": "01",
        "born": person.born,
        "protected": False,
        "active": True,
        "language": "sv",
        "phone": person.phone_number,
        "email": person.email,
        "contact_set_by": "self",
        "sms": True,
        "email_on": True,
        "changed_at": "2026-01-01T00:00:00Z",
    }
    return orjson.dumps(value | changes)


def write_link(child: Person, version: int = 1, **changes: object) -> bytes:
    """Write the value of a record in the topic of proxies."""
    value = {"relation": "guardian", "valid_from": child.born, "valid_to": None, "blocked": False, "version": version}
    return orjson.dumps(value | changes)


def write_devices(people: list[Person]) -> list[bytes]:
    """Write the lines of `notifier import devices`."""
    return [
        orjson.dumps(
            {
                "person": person.number,
                "platform": phone.platform,
                "environment": "production",
                "token": phone.token,
                "content_key": b64encode(phone.content_key).decode(),
                "registered_at": datetime.now(UTC) - timedelta(days=1),
            }
        )
        for person in people
        for phone in person.phones
    ]


def write_region() -> bytes:
    """Write the line of the one region, which has joined."""
    region = {"code": "01", "name": "Region Nedan", "organisation": "2321000016", "joined": True, "from": "2020-01-01"}
    return orjson.dumps(region)


def write_heartbeat() -> bytes:
    """Say that a topic is complete to this moment."""
    return orjson.dumps({"complete_to": datetime.now(UTC)})


def _make_adult(born: date, at: int) -> Person:
    iphone = Phone(platform="ios", token=os.urandom(32).hex(), content_key=os.urandom(32))
    android = Phone(platform="android", token=f"made-up:{os.urandom(24).hex()}", content_key=os.urandom(32))
    return Person(number=make_number(born, _TEST_SERIALS + at), born=born, phones=(iphone, android))
