"""The whole course of one event, for support: each step with its reason, version and time (R38, A37)."""

from collections.abc import Iterator, Mapping
from datetime import date

import asyncpg

from notifier.dispatch.traces import Trace, TraceStep
from notifier.postgres.audit import write_audit
from notifier.postgres.pool import Connection, Pool, transaction
from notifier.postgres.queries import query
from notifier.wire.fingerprints import event_key

Names = Mapping[int, str]
"""What each notice's recipient is called: `subject`, `ombud 1`."""


async def trace(pool: Pool, source: str, id: str, *, operator: str, purpose: str) -> Trace:
    """Read the trace of one event, after writing who asked and why; empty where nothing is known."""
    key = event_key(source, id)
    async with transaction(pool) as held:
        await write_audit(held, operator, "trace", purpose, f"{source} {id}")
        letters = [_refused(row) for row in await held.fetch(query("trace_dead_letters"), source, id)]
        known_on = await held.fetchval(query("trace_day"), key)
        event = await _find_event(held, key, known_on)
        steps = [*letters, *(await _read_steps(held, event, key) if event else ())]
    return Trace(
        source=source,
        id=id,
        type=event["type"] if event else None,
        known_on=known_on,
        steps=tuple(sorted(steps, key=lambda step: step.at)),
    )


async def _find_event(held: Connection, key: bytes, day: date | None) -> asyncpg.Record | None:
    """Find the event on the gate's day, or on any day whose rows are kept where the gate has forgotten it (B45)."""
    days = [day]
    if day is None:
        days = [date.fromisoformat(row["day"]) for row in await held.fetch(query("attached_days"), "event")]
    return await held.fetchrow(query("trace_event"), days, key)


async def _read_steps(held: Connection, event: asyncpg.Record, key: bytes) -> list[TraceStep]:
    day, version = event["day"], f"catalogue {event['catalogue']}, policy {event['policy']}"
    notices = await held.fetch(query("trace_notices"), day, key)
    names = _name(notices)
    return [
        *_of_event(event, version),
        *(_decided(row, names, version) for row in notices),
        *_of_deliveries(await held.fetch(query("trace_deliveries"), day, key), names),
        *(_owed(row, event, names) for row in await held.fetch(query("trace_fallbacks"), day, key)),
        *(_later(row, names) for row in await held.fetch(query("trace_steps"), day, key)),
    ]


def _name(notices: list[asyncpg.Record]) -> dict[int, str]:
    ombud = [row["id"] for row in notices if not row["own"]]
    return {row["id"]: "subject" if row["own"] else f"ombud {ombud.index(row['id']) + 1}" for row in notices}


def _of_event(event: asyncpg.Record, version: str) -> Iterator[TraceStep]:
    yield TraceStep(at=event["opened_at"], who="event", step="opened", version=version)
    if event["held_reason"] is not None:
        yield TraceStep(at=event["opened_at"], who="event", step="held", reason=event["held_reason"])
    if event["ended_as"] is not None:
        end = event["ended_as"]
        yield TraceStep(at=event["ended_at"], who="event", step="ended", value=end, reason=event["ended_reason"])


def _decided(row: asyncpg.Record, names: Names, version: str) -> TraceStep:
    return TraceStep(
        at=row["decided_at"],
        who=names[row["id"]],
        step="decided",
        value=row["verdict"],
        reason=row["reason"],
        version=version,
    )


def _of_deliveries(rows: list[asyncpg.Record], names: Names) -> Iterator[TraceStep]:
    told = [row["accepted_at"] for row in rows if row["accepted_at"] is not None]
    if told:
        yield TraceStep(at=min(told), who="event", step="pushed")
    counts: dict[int, int] = {}
    for row in rows:
        counts[row["notice"]] = counts.get(row["notice"], 0) + 1
        yield TraceStep(
            at=row["accepted_at"] or row["opened_at"],
            who=f"{names[row['notice']]}, device {counts[row['notice']]}",
            step="delivery",
            value=row["state"],
            reason=row["reason"],
            lane=row["lane"],
            loudness=row["loudness"],
            attempts=row["attempts"],
        )


def _owed(row: asyncpg.Record, event: asyncpg.Record, names: Names) -> TraceStep:
    return TraceStep(
        at=event["opened_at"], who=names[row["notice"]], step="fallback", value=row["state"], due_at=row["due_at"]
    )


def _later(row: asyncpg.Record, names: Names) -> TraceStep:
    who = "event" if row["notice"] is None else names.get(row["notice"], "event")
    return TraceStep(at=row["at"], who=who, step=row["what"], reason=row["reason"], version=row["version"])


def _refused(row: asyncpg.Record) -> TraceStep:
    reason = row["reason"] if row["field"] is None else f"{row['reason']} {row['field']}"
    return TraceStep(at=row["created_at"], who="event", step="dead letter", value=row["replayed_as"], reason=reason)
