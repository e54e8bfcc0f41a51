"""What became of a run: waits until nothing is owed any more, reads the outcomes, closes the account."""

import asyncio
import time
from functools import partial

import msgspec

from notifier.dispatch.accounting import draw_account
from notifier.kafka.clusters import describe_topics
from notifier.kafka.counting import count_records
from notifier.postgres.accounting import StoredBooks
from tests.bench.measured import Measured
from tests.bench.stage import PREFIX, Stage

EVENTS = f"{PREFIX}events"
_LOOK_SECONDS = 0.3
_LEAST_RATE = 400
"""Events a second below which a run is given up."""
_READ = "select coalesce(sum(next_offset), 0)::bigint from intake_position where topic = $1"
_OWED = """
select (select count(*) from delivery where state || '' = 'waiting')
     + (select count(*) from quiet_push where available_at <= clock_timestamp())
"""
_ACCEPTED = "select extract(epoch from accepted_at)::float8 at from delivery where accepted_at >= to_timestamp($1)"


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    """The account at the end of everything."""

    produced: int
    records: int
    opened: int
    marks: int
    duplicates: int
    dead_letters: int
    planned: int
    deliveries: dict[str, int]
    differences: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Say whether every record that was produced is accounted for."""
        return not self.differences and self.produced == self.records


async def read_ends(stage: Stage) -> dict[int, int]:
    """Give the ends of the topic of events."""
    return dict((await describe_topics(stage.cluster, [EVENTS]))[EVENTS].ends)


async def await_outcomes(stage: Stage, measured: Measured, events: int) -> int:
    """Return when every record was read and nothing is owed, or long after; give how much is owed then."""
    end = sum((await read_ends(stage)).values())
    gives_up = time.monotonic() + 30 + events / _LEAST_RATE
    owed = -1
    while time.monotonic() < gives_up and owed:
        await asyncio.sleep(_LOOK_SECONDS)
        measured.require_life()
        if await stage.pool.fetchval(_READ, EVENTS) >= end:
            owed = await stage.pool.fetchval(_OWED)
    return owed


async def read_acceptances(stage: Stage, since_seconds: float) -> list[float]:
    """Give when each push since then was recorded as accepted, in seconds of the epoch, the first one first."""
    return sorted(row["at"] for row in await stage.pool.fetch(_ACCEPTED, since_seconds))


async def close_account(stage: Stage, produced: int) -> Closed:
    """Compare our books with a count of the topic by a reader of its own, and with what we produced."""
    account = await draw_account(StoredBooks(stage.pool), partial(count_records, stage.cluster))
    ours = [one.ours for one in account.partitions]
    return Closed(
        produced=produced,
        records=sum(one.records for one in ours),
        opened=sum(one.opened for one in ours),
        marks=sum(one.marks for one in ours),
        duplicates=sum(one.duplicates for one in ours),
        dead_letters=sum(one.dead_letters for one in ours),
        planned=account.planned,
        deliveries=dict(account.deliveries),
        differences=tuple(account.differences),
    )
