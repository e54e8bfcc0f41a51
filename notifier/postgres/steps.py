"""The trace after the opening: what notice and delivery rows do not hold themselves (B45, R38)."""

from collections.abc import Iterable
from datetime import date, datetime

import asyncpg
import msgspec

from notifier.dispatch.batches import Batch
from notifier.domain.identifiers import EventKey, NoticeId
from notifier.domain.matters import Settled
from notifier.domain.plans import Opening
from notifier.domain.verdicts import Push
from notifier.postgres.copying import copy_rows
from notifier.postgres.pool import Connection

_COLUMNS = ("day", "event", "notice", "at", "what", "reason", "version")


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to a notice; `reason` is a code, never free text."""

    day: date
    event: EventKey
    notice: NoticeId
    at: datetime
    what: str
    reason: str | None = None
    version: str | None = None


async def put_steps(connection: Connection, steps: Iterable[Step]) -> None:
    """Write steps, in the transaction that makes them true."""
    rows = [(one.day, one.event, one.notice, one.at, one.what, one.reason, one.version) for one in steps]
    await copy_rows(connection, "step", _COLUMNS, rows)


def steps_of(rows: Iterable[asyncpg.Record], what: str, at: datetime) -> list[Step]:
    """Make a step of each row of a delivery that ended, with its reason."""
    return [
        Step(day=row["day"], event=row["event"], notice=row["notice"], at=at, what=what, reason=row["reason"])
        for row in rows
    ]


def judged_step(opening: Opening, settled: Settled, batch: Batch) -> Step:
    """Make the step of a notice that was judged while or after it was held; its row keeps only the last verdict."""
    verdict = settled.verdict
    return Step(
        day=opening.day,
        event=opening.event.key,
        notice=settled.planned.notice,
        at=batch.now,
        what=f"judged: {type(verdict).__name__.lower()}",
        reason=None if isinstance(verdict, Push) else verdict.reason,
        version=f"catalogue {batch.catalogue}, policy {batch.policy}",
    )
