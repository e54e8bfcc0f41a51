"""Two providers and the phones behind them: what arrives, when, and what the provider says of it."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import msgspec

from notifier.domain.people import Platform
from notifier.domain.pushes import (
    Accepted,
    Again,
    Alert,
    Outcome,
    Parcel,
    Refused,
    Removal,
    TokenGone,
    Trouble,
)
from notifier.domain.verdicts import Loudness
from tests.simulation.weather import SeededMood, Weather

DEADLINE_SECONDS = 2.0
_UNKNOWN = Again(trouble=Trouble.UNKNOWN, unknown=True)
_REFUSED = Refused(trouble=Trouble.REFUSED)
_DOUBTS = {"slow": 0.5, "doubtful": 0.35}
"""Weathers in which every second answer fails to come, and how many of all show nevertheless."""
_NOT_TAKEN: dict[str, Outcome] = {
    "busy": Again(trouble=Trouble.BUSY, after=timedelta(seconds=3)),
    "down": Again(trouble=Trouble.UNAVAILABLE),
    "misconfigured": Refused(trouble=Trouble.CONFIGURATION),
}


class Sent(msgspec.Struct, kw_only=True):
    """One request, from its beginning to what the provider said; None where nobody heard it."""

    began_at: float
    process: str
    parcel: Parcel
    arrived_at: float | None = None
    answered_at: float | None = None
    outcome: Outcome | None = None

    @property
    def sounds(self) -> bool:
        content = self.parcel.content
        return isinstance(content, Alert) and content.loudness is not Loudness.PASSIVE


class Phone:
    """What one phone shows."""

    def __init__(self) -> None:
        self.badge = 0
        self.shown: dict[bytes, Sent] = {}
        self.last: Sent | None = None
        """The last arrival that carried a badge."""

    def take(self, sent: Sent) -> None:
        content = sent.parcel.content
        if isinstance(content, Alert):
            self.shown[content.collapse_id] = sent
        if isinstance(content, Removal):
            for collapse_id in content.collapse_ids:
                self.shown.pop(collapse_id, None)
            if sent.parcel.platform is not Platform.ANDROID:
                return
        self.badge, self.last = content.badge, sent


class Post:
    """Both providers; what they took arrives even if the sender ends meanwhile."""

    def __init__(self, weather: Weather, chance: Random, now: Callable[[], datetime], trace: list[str]) -> None:
        self._weather = weather
        self._chance = chance
        self._now = now
        self._trace = trace
        self.phones: dict[str, Phone] = {}
        self.sent: list[Sent] = []
        self.uninstalled: set[str] = set()

    async def send(self, process: str, mood: SeededMood, parcel: Parcel) -> Outcome:
        loop = asyncio.get_running_loop()
        sent = Sent(began_at=loop.time(), process=process, parcel=parcel)
        self.sent.append(sent)
        await mood.pause()
        outcome, arrives, takes = self._decide(parcel)
        if arrives is not None:
            loop.call_later(arrives, self._arrive, sent)
        await asyncio.sleep(takes)
        await mood.pause()
        sent.outcome, sent.answered_at = outcome, loop.time()
        self._trace.append(f"{loop.time():.3f} {process} {type(parcel.content).__name__} {type(outcome).__name__}")
        return outcome

    def _arrive(self, sent: Sent) -> None:
        sent.arrived_at = asyncio.get_running_loop().time()
        self.phones.setdefault(sent.parcel.token, Phone()).take(sent)

    def _decide(self, parcel: Parcel) -> tuple[Outcome, float | None, float]:
        """Give the answer, when it shows (None: never) and when the answer comes."""
        takes = self._chance.random() * 0.1
        roll = self._chance.random()
        if parcel.token in self.uninstalled:
            return TokenGone(since=self._now()), None, takes
        if self._weather.calm:
            return Accepted(), takes / 2, takes
        weather = self._weather.lanes.get(parcel.lane)
        if weather in _DOUBTS and roll < 0.5:
            late = weather == "slow"
            arrives = 3 * self._chance.random() if late else takes / 2
            return _UNKNOWN, arrives if roll < _DOUBTS[weather] else None, DEADLINE_SECONDS if late else takes
        if weather in _NOT_TAKEN and (weather != "busy" or roll < 0.6):
            return _NOT_TAKEN[weather], None, takes
        refused = roll > 0.995
        return (_REFUSED, None, takes) if refused else (Accepted(), takes / 2, takes)


class ProcessPost:
    """The providers as one process reaches them."""

    def __init__(self, post: Post, process: str, mood: SeededMood) -> None:
        self._post = post
        self._process = process
        self._mood = mood

    async def send(self, parcel: Parcel) -> Outcome:
        return await self._post.send(self._process, self._mood, parcel)
