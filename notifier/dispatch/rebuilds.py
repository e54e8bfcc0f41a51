"""Mark and sweep: after the topic was read anew from its start, what was not seen has gone (TRAPS, Kafka)."""

from datetime import datetime
from typing import Protocol

import msgspec

from notifier.dispatch import facts
from notifier.dispatch.brakes import Brake, Tripped
from notifier.dispatch.facts import Observe

Cursor = tuple[int, ...]
"""The key of the last row looked at."""


class Swept(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a sweep."""

    after: Cursor | None
    """Where the next page begins; None at the end."""
    gone: int
    tripped: tuple[Tripped, ...] = ()


class Rebuilt(Protocol):
    """One projection while it is being rebuilt."""

    async def find_due(self, topic: str) -> int | None:
        """Give the generation whose every partition has passed its end."""

    async def sweep(self, topic: str, generation: int, after: Cursor | None, brake: Brake, now: datetime) -> Swept:
        """Treat what the generation did not see as tombstones, one page in one transaction, under the same brake."""

    async def finish(self, topic: str, generation: int) -> None:
        """Let the projection count as fresh again."""


async def sweep(rebuilt: Rebuilt, topic: str, brake: Brake, now: datetime, observe: Observe) -> int | None:
    """Sweep a projection whose rebuild has read everything; give how many rows had gone, None while it reads.

    Safe beside another process and after a crash: each page is its own transaction, and a second sweep finds nothing.
    """
    generation = await rebuilt.find_due(topic)
    if generation is None:
        return None
    gone, after = 0, None
    while True:
        page = await rebuilt.sweep(topic, generation, after, brake, now)
        gone += page.gone
        for one in page.tripped:
            observe(facts.Braked(topic=topic, kind=one.kind, changes=one.changes, limit=one.limit))
        if page.after is None:
            break
        after = page.after
    await rebuilt.finish(topic, generation)
    return gone
