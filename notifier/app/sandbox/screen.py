"""What people see of a sandbox in their terminal: where everything is, and what the phones show."""

import time
from collections.abc import Callable, Mapping, Sequence

from notifier.app.house import House
from notifier.app.sandbox.phones import ShownPhone
from notifier.app.terminal import say
from notifier.domain.ages import STOCKHOLM
from notifier.sandbox import Handset, Person

_AT_ONCE, _PER_SECOND = 30, 10


def show_places(house: House) -> None:
    """Say that the house serves, where the page and everything else is, and what to try."""
    places, http = house.places, house.settings.http
    internal = f"http://{http.internal_host}:{http.internal_port}"
    rows = [
        ("ready and metrics", f"{internal}/readyz  {internal}/metrics"),
        ("simulated phones", f"{places.control}/phones"),
        ("Kafka", f"{places.bootstrap}, topic {house.topic('events')}"),
        ("PostgreSQL", places.dsn),
        ("try in another window", ".venv/bin/notifier publish schemas/events/se.1177.results.available.v1.json"),
    ]
    say(f"\nnotifier is ready:  http://{http.host}:{http.port}/sandbox   Ctrl-C ends everything.\n")
    say("\n".join(f"  {name:<22} {value}" for name, value in rows))


def show_people(people: Sequence[Person]) -> None:
    """Say who lives here, before their phones speak."""
    say("\nWho lives here (all made up)\n")
    say("\n".join(f"  {person.name:<8} {person.number}  {person.story}" for person in people))
    say("\nWhat their phones show\n")


def tell_change(handset: Handset, before: ShownPhone | None, phone: ShownPhone, words: Mapping[str, str]) -> list[str]:
    """Say in a line each what a phone shows that it did not show before, the oldest first; or that it shows less."""
    known = max((entry.push for entry in before.entries), default=-1) if before is not None else -1
    fresh = [entry for entry in reversed(phone.entries) if entry.push > known]
    fewer = 0 if before is None else _count(before) - _count(phone)
    if not fresh and fewer > 0:
        return [f"            {handset.alias:<18}   badge {phone.badge:>2}  takes away {fewer}"]
    return [
        f"  {entry.at.astimezone(STOCKHOLM):%H:%M:%S}  {handset.alias:<18} {'♪' if entry.sounded else ' '} "
        f"badge {phone.badge:>2}  {words.get(entry.text_key, entry.text_key)}"
        for entry in fresh
    ]


def _count(phone: ShownPhone) -> int:
    return len(phone.entries) + phone.more


class Scroll:
    """Says lines, as many as somebody can read: thirty at one time, ten a second; of more only how many they were."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._left, self._at = float(_AT_ONCE), monotonic()

    def say(self, lines: Sequence[str]) -> None:
        """Say them, or the first of them."""
        now = self._monotonic()
        self._left = min(self._left + (now - self._at) * _PER_SECOND, _AT_ONCE)
        self._at = now
        shown = list(lines[: int(self._left)])
        self._left -= len(shown)
        if shown:
            more = [f"  … {len(lines) - len(shown)} more"] if len(lines) > len(shown) else []
            say("\n".join(shown + more))
