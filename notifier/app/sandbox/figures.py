"""What flows through the dispatcher, by its own metrics, and which part is ill, by its own word."""

import asyncio
import time
from collections import deque
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import urlopen

import msgspec
import orjson

from notifier.sandbox.gauge_views import FiguresView
from notifier.telemetry.reading import Reading, quantile, read_exposition

_LIMIT_SECONDS = 2
_WINDOW = 10
PARTS = ("kafka", "postgres")


class Figures:
    """Asks the internal listener once a second; rates are those of the last ten."""

    def __init__(self, internal: str) -> None:
        self._internal = internal
        self._readings: deque[tuple[float, Reading]] = deque(maxlen=_WINDOW + 1)

    async def read(self) -> FiguresView:
        """Give the figures; those of a dispatcher that is away are nothing."""
        answer = await asyncio.to_thread(_get, f"{self._internal}/metrics")
        metrics = f"{self._internal}/metrics"
        if answer is None:
            self._readings.clear()
            return FiguresView(metrics=metrics)
        self._readings.append((time.monotonic(), read_exposition(answer.decode())))
        return msgspec.structs.replace(self._compare(), metrics=metrics)

    async def ask_parts(self) -> dict[str, str | None]:
        """Give what Kafka and PostgreSQL lack, in the dispatcher's words; nothing if it does not answer."""
        answer = await asyncio.to_thread(_get, f"{self._internal}/readyz")
        try:
            said = {} if answer is None else orjson.loads(answer)["parts"]
        except (orjson.JSONDecodeError, KeyError):
            said = {}
        return {name: said[name].get("why") for name in PARTS if name in said}

    def _compare(self) -> FiguresView:
        (began, first), (ended, last) = self._readings[0], self._readings[-1]
        took = max(ended - began, 1.0)
        if last.opened < first.opened:
            self._readings.clear()
            return FiguresView()
        earlier = first.accepted_within
        within = {bound: count - earlier.get(bound, 0) for bound, count in last.accepted_within.items()}
        p50, p99 = quantile(within, 0.5), quantile(within, 0.99)
        return FiguresView(
            events_per_second=round((last.opened - first.opened) / took, 1),
            pushes_per_second=round((last.accepted - first.accepted) / took, 1),
            p50_ms=None if p50 is None else round(p50 * 1000, 1),
            p99_ms=None if p99 is None else round(p99 * 1000, 1),
            waiting=int(last.waiting),
            held=int(last.held),
        )


def _get(url: str) -> bytes | None:
    """Ask; a part that is not ready answers 503 with what it has to say."""
    try:
        try:
            answer = urlopen(url, timeout=_LIMIT_SECONDS)  # noqa: S310 - our own listener
        except HTTPError as refusal:
            answer = refusal
        with answer:
            given: bytes = answer.read()
            return given
    except (OSError, HTTPException):
        return None
