"""The projections of residents and proxies: changes in offset order, applied with their position (B22, B25, A9)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic

from notifier.dispatch import facts
from notifier.dispatch.brakes import Brake
from notifier.dispatch.facts import Observe, ProjectionApplied
from notifier.dispatch.stretches import (
    Applied,
    Change,
    Rows,
    Span,
    Store,
    Stretch,
    span_of,
)

Monotonic = Callable[[], float]
LayOut = Callable[[Stretch[Change], datetime], tuple[list[Rows], int]]
"""Gives the rows of a stretch, wave by wave, and how many test persons were thrown away."""


class Projection(Generic[Change, Rows]):
    """Applies stretches of one compacted topic."""

    def __init__(
        self, store: Store[Rows], lay_out: LayOut[Change, Rows], observe: Observe, monotonic: Monotonic
    ) -> None:
        self._store = store
        self._lay_out: LayOut[Change, Rows] = lay_out
        self._observe = observe
        self._monotonic = monotonic

    async def apply(self, stretch: Stretch[Change], brake: Brake, now: datetime) -> Applied | None:
        """Apply a stretch; None where another process has moved the position."""
        began = self._monotonic()
        waves, tests = self._lay_out(stretch, now)
        span = span_of(stretch, tests)
        result = await self._store.apply(span, waves, brake, now)
        if result is not None:
            self._tell(span, result, timedelta(seconds=self._monotonic() - began))
        return result

    def _tell(self, span: Span, result: Applied, took: timedelta) -> None:
        self._observe(
            ProjectionApplied(
                topic=span.topic,
                partition=span.partition,
                records=span.records,
                applied=result.applied,
                stale=span.stale(result.applied),
                dead_letters=len(span.letters),
                took=took,
            )
        )
        for one in result.tripped:
            self._observe(facts.Braked(topic=span.topic, kind=one.kind, changes=one.changes, limit=one.limit))
