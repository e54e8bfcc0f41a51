"""Made-up persons, keys and records for the tests of `wire`; numbers in the style of the Tax Agency's test series."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import orjson

from notifier.domain.events import Event, Mark
from notifier.domain.faults import Poison
from notifier.wire.catalogue import Catalogue, load_catalogue
from notifier.wire.events import decode
from notifier.wire.keys import Key
from notifier.wire.pseudonyms import Pseudonymiser
from notifier.wire.publishers import Register, load_register
from notifier.wire.records import RawRecord

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TOPIC = "1177.events"
TOLVAN = "191212121212"
CHILD = "201806062384"
COORDINATED = "198102642397"

KEY = Key(id=1, secret=bytes.fromhex("7f3a91c5e2084db6f1579ae3c06d2b84918fe75a3cd04617b2e98f60a5d1347c"))
OTHER_KEY = Key(id=2, secret=bytes.fromhex("c41d08f37be6925a0f83d1ac467e29b5e05c97f1386ad42b8e10f7639bc4a258"))
PSEUDONYMISER = Pseudonymiser(KEY)

DATA = {"matter": "m-8812", "unit": "SE2321000016-A1B2", "region": "01", "happens_at": "2026-12-01T09:30:00+01:00"}
EVENT = {
    "specversion": "1.0",
    "id": "7f0c2c1e",
    "source": "urn:se:1177:tidbok",
    "type": "se.1177.booking.created.v1",
    "subject": TOLVAN,
    "time": "2026-11-22T08:00:00Z",
    "datacontenttype": "application/json",
    "data": DATA,
}
MARK = EVENT | {
    "type": "se.1177.booking.matter.handled.v1",
    "data": {"matter": "m-8812", "at": "2026-11-22T07:59:00Z"},
}


def attempt(call: Callable[[], object]) -> object:
    """Give what a call returns, or the Poison it raises; anything else is a failure."""
    try:
        return call()
    except Poison as poison:
        return poison


def with_check(text: str) -> str:
    """Put the check digit behind the first eleven digits: Luhn over the last ten, as a textbook writes it."""
    total = 0
    for place, digit in enumerate(text[2:11]):
        weighted = int(digit) * (2 if place % 2 == 0 else 1)
        total += weighted // 10 + weighted % 10
    return text[:11] + str(-total % 10)


def record(
    value: bytes | None,
    *,
    key: bytes | None = None,
    headers: Sequence[tuple[str, bytes | None]] = (),
    topic: str = TOPIC,
    partition: int = 3,
    offset: int = 41,
    timestamp_ms: int = 1_795_334_400_000,
) -> RawRecord:
    return RawRecord(
        topic=topic,
        partition=partition,
        offset=offset,
        key=key,
        headers=headers,
        value=value,
        timestamp_ms=timestamp_ms,
    )


def structured(event: object, **changes: object) -> RawRecord:
    content = event | changes if isinstance(event, dict) else event
    return record(orjson.dumps(content))


def binary(event: Mapping[str, object], **changes: object) -> RawRecord:
    content = dict(event) | changes
    headers: list[tuple[str, bytes | None]] = [
        (f"ce_{name}", str(value).encode())
        for name, value in content.items()
        if name not in ("data", "datacontenttype")
    ]
    return record(orjson.dumps(content["data"]), headers=[*headers, ("content-type", b"application/json")])


@cache
def contract() -> dict[str, bytes]:
    root = Path(__file__).parents[2] / "schemas"
    paths = (path for path in root.rglob("*") if path.is_file() and path.suffix in (".json", ".jsonl"))
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


@cache
def catalogue() -> Catalogue:
    return load_catalogue(contract())


@cache
def register() -> Register:
    return load_register(contract(), "1177.")


def read(raw: RawRecord) -> Event | Mark:
    return decode(raw, catalogue(), register(), PSEUDONYMISER, NOW)
