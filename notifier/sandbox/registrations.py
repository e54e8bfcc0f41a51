"""What the made-up world would tell through the app: phones, switches, quiet hours, and which regions have joined."""

import hashlib
from collections.abc import Iterable, Iterator

import orjson

from notifier.sandbox.people import Person, Platform

NOT_JOINED = "09"
_PHONES = {"ios": "iPhone", "android": "Android"}


def write_regions(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Give the regions' import lines with one that has not joined."""
    for line in lines:
        region = orjson.loads(line)
        yield orjson.dumps(region | {"joined": region["code"] != NOT_JOINED})


def write_devices(people: Iterable[Person]) -> Iterator[bytes]:
    """Give the import lines of everybody's phones."""
    for person in people:
        for platform in person.phones:
            yield orjson.dumps(
                {
                    "person": person.number,
                    "platform": platform,
                    "environment": "production",
                    "token": _token(person, platform),
                    "app_version": "3.2.0",
                    "language": person.language,
                    "registered_at": "2026-01-01T00:00:00Z",
                }
            )


def write_preferences(people: Iterable[Person]) -> Iterator[bytes]:
    """Give the import lines of switches and quiet hours."""
    for person in people:
        if person.muted is not None:
            yield orjson.dumps({"person": person.number, "channel": "push", "category": person.muted, "on": False})
        if person.quiet is not None:
            start, end = person.quiet
            yield orjson.dumps({"person": person.number, "quiet": {"from": start, "to": end}})


def name_phones(people: Iterable[Person]) -> dict[str, str]:
    """Give what each phone is called, by token."""
    return {
        _token(person, platform): f"{person.name}'s {_PHONES[platform]}"
        for person in people
        for platform in person.phones
    }


def _token(person: Person, platform: Platform) -> str:
    """Make a token of the form that the platform gives, the same in every run."""
    name = f"{person.name}/{platform}".encode()
    if platform == "ios":
        return hashlib.sha256(name).hexdigest()
    return f"made-up-{hashlib.md5(name, usedforsecurity=False).hexdigest()}:{hashlib.sha512(name).hexdigest()}"
