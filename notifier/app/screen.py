"""What people see of a sandbox in their terminal: where everything is, and what the phones show."""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from io import TextIOWrapper
from pathlib import Path
from urllib.request import Request, urlopen

from notifier.app.house import House
from notifier.app.terminal import say
from notifier.sandbox import Person, name_phones

_LOOK_EVERY = timedelta(milliseconds=100)
_ORDER_SECONDS = 5
_LINE = re.compile(r"(?P<at>[0-9:]{8})  (?P<phone>.+?)  (?P<said>.+?)  badge (?P<badge>\d+)  (?P<sound>sound|quiet)")


def show_places(house: House) -> None:
    """Say that the house serves, where everything is, and what to try."""
    places, http = house.places, house.settings.http
    internal = f"http://{http.internal_host}:{http.internal_port}"
    rows = [
        ("ready and metrics", f"{internal}/readyz  {internal}/metrics"),
        ("simulated phones", f"{places.control}/phones"),
        ("Kafka", f"{places.bootstrap}, topic {house.topic('events')}"),
        ("PostgreSQL", places.dsn),
        ("try in another window", ".venv/bin/notifier publish schemas/events/se.1177.results.available.v1.json"),
    ]
    say("\nnotifier is ready. Ctrl-C ends everything.\n")
    say("\n".join(f"  {name:<22} {value}" for name, value in rows))


def show_people(people: Sequence[Person]) -> None:
    """Say who lives here, before their phones speak."""
    say("\nWho lives here (all made up)\n")
    say("\n".join(f"  {person.name:<8} {person.number}  {person.story}" for person in people))
    say("\nWhat their phones show\n")


async def name_all_phones(house: House, people: Sequence[Person]) -> None:
    """Tell the simulators whose phones they play."""
    orders = {token: {"alias": alias} for token, alias in name_phones(people).items()}
    await asyncio.to_thread(_put, f"{house.places.control}/tokens", orders)


def _put(url: str, value: object) -> None:
    request = Request(url, data=json.dumps(value).encode(), method="PUT")  # noqa: S310 - our own simulators
    with urlopen(request, timeout=_ORDER_SECONDS):  # noqa: S310 - the same
        pass


async def show_phones(house: House, log: Path) -> None:
    """Say each line that the simulators write from now on, with the words that a phone would show, until cancelled."""
    words = {text.key: text.words["sv"] for text in house.contract.catalogue.texts.values()}
    with log.open(encoding="utf-8") as lines:
        lines.seek(0, 2)
        while True:
            _show_new(lines, words)
            await asyncio.sleep(_LOOK_EVERY.total_seconds())


def _show_new(lines: TextIOWrapper, words: Mapping[str, str]) -> None:
    start = lines.tell()
    while (line := lines.readline()).endswith("\n"):
        start = lines.tell()
        if shown := translate(line, words):
            say(shown)
    lines.seek(start)


def translate(line: str, words: Mapping[str, str]) -> str | None:
    """Give a line of the simulators for people: texts instead of their keys; None for lines about no phone."""
    match = _LINE.match(line)
    if match is None:
        return None
    said = words.get(match["said"], match["said"])
    sound = "♪" if match["sound"] == "sound" else " "
    return f"  {match['at']}  {match['phone']:<18} {sound} badge {match['badge']:>2}  {said}"
