"""What was read leaves the phones soon: badge downs and removals reach the providers within two seconds (R2, R14)."""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import cycle
from typing import Any

import pytest

from tests.whole.book import Told, values
from tests.whole.opening import open_trial
from tests.whole.people import make_adults
from tests.whole.quiet import settle
from tests.whole.shown import read_journal
from tests.whole.stage import PATIENT, Stage
from tests.whole.trial import Trial

_READERS, _OTHERS = 150, 20
_MARKS_PER_SECOND = 50
"""As many as come of 500 events a second; beside as many events about others."""
_REPLIES = {"latency_seconds": 0.05, "spread_seconds": 0.25}
"""As Apple's come (protocols 2.7)."""
_MOST_SECONDS = 2.0
_KINDS = {"iphone badge", "iphone removal", "android"}


@pytest.mark.slow
@pytest.mark.usefixtures("well")
@pytest.mark.holds("R2", "R14")
async def test_badges_go_down_and_notices_go_away_within_two_seconds_of_their_reading(stage: Stage) -> None:
    people = make_adults(_READERS + _OTHERS, seed=11)
    async with open_trial(stage, "silence", people) as trial:
        service = await trial.run(**PATIENT)
        told = [trial.book.tell(person) for person in people[:_READERS]]
        await trial.publish(values(told))
        await settle(trial)

        for name in ("apns", "fcm"):
            await stage.set_provider(name, **_REPLIES)
        marked = await _mark_steadily(trial, told)
        await settle(trial)

        assert await service.stop() == 0
        taken = _read_delays(trial, marked)
    assert {kind: len(delays) for kind, delays in taken.items()} == dict.fromkeys(_KINDS, _READERS)
    assert {kind: _p95(delays) for kind, delays in taken.items() if _p95(delays) > _MOST_SECONDS} == {}


async def _mark_steadily(trial: Trial, told: Sequence[Told]) -> Mapping[str, float]:
    """Publish a mark for each notice at the rate, and an event about somebody else; give its instant by phone."""
    marked: dict[str, float] = {}
    began, others = time.monotonic(), cycle(trial.people[_READERS:])
    for number, one in enumerate(told):
        await asyncio.sleep(max(0.0, began + number / _MARKS_PER_SECOND - time.monotonic()))
        marked |= {phone.token: time.time() for phone in one.subject.phones}
        for value in (trial.book.mark_read(one), trial.book.tell(next(others)).value):
            await trial.producer.send(trial.topic("events"), value, partition=number % 6)
    return marked


def _read_delays(trial: Trial, marked: Mapping[str, float]) -> dict[str, list[float]]:
    """Give the seconds from publication to the provider's acceptance by kind, the shortest first."""
    delays: dict[str, list[float]] = {}
    for push in read_journal(trial.stage.journal, trial.journal_start):
        for kind in _name(push) if push["token"] in marked else ():
            taken = datetime.fromisoformat(push["at"]).timestamp() - marked[push["token"]]
            delays.setdefault(kind, []).append(taken)
    return {kind: sorted(each) for kind, each in delays.items()}


def _name(push: Mapping[str, Any]) -> Iterator[str]:
    """Name a silent push; nothing for a notice."""
    match push["payload"]:
        case {"message": {"data": data}} if "s" not in data:
            yield "android"
        case {"remove": _}:
            yield "iphone removal"
        case {"aps": aps} if "alert" not in aps:
            yield "iphone badge"


def _p95(delays: Sequence[float]) -> float:
    return delays[int(len(delays) * 0.95)]
