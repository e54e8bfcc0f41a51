"""What the made-up world would tell through the app: phones, switches, quiet hours, and which regions have joined."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import orjson

from notifier.sandbox.handsets import Handset
from notifier.sandbox.people import Person

NOT_JOINED = "09"
_BEFORE_THE_FLAG = datetime(2026, 1, 1, tzinfo=UTC)


def write_regions(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Give the regions' import lines with one that has not joined."""
    for line in lines:
        region = orjson.loads(line)
        yield orjson.dumps(region | {"joined": region["code"] != NOT_JOINED})


def write_devices(handsets: Iterable[Handset], registered_at: datetime) -> Iterator[bytes]:
    """Give the import lines of phones."""
    for one in handsets:
        yield orjson.dumps(
            {
                "person": one.person.number,
                "platform": one.platform,
                "environment": "production",
                "token": one.token,
                "app_version": "3.2.0",
                "language": one.person.language,
                "registered_at": registered_at,
            }
        )


def write_first_devices(handsets: Iterable[Handset], now: datetime) -> Iterator[bytes]:
    """Give the import lines of the phones that everybody has from the start, the same at each start for months.

    They are of this half-year, so that none is stale (R17); those of the protected are older than the flag (B7).
    """
    this_half_year = datetime(now.year, 7 if now.month > 6 else 1, 1, tzinfo=UTC)
    for one in handsets:
        yield from write_devices([one], _BEFORE_THE_FLAG if one.person.protected else this_half_year)


def write_preferences(people: Iterable[Person]) -> Iterator[bytes]:
    """Give the import lines of switches and quiet hours."""
    for person in people:
        if person.muted is not None:
            yield orjson.dumps({"person": person.number, "channel": "push", "category": person.muted, "on": False})
        if person.quiet is not None:
            start, end = person.quiet
            yield orjson.dumps({"person": person.number, "quiet": {"from": start, "to": end}})
