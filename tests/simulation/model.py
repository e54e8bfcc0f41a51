"""What must hold after a run, whatever happened in it (I1 to I3, I7 to I9, I12; A22 to A25, A29, A30)."""

from collections.abc import Iterator

from notifier.domain.events import MarkKind
from notifier.domain.pushes import Alert
from tests.fakes.rows import NOBODY, EventRow
from tests.simulation.chronicle import Chronicle, expected_totals
from tests.simulation.shown import (
    arrived,
    check_doubts,
    check_leases,
    check_phones,
    check_sounds,
    check_tightenings,
    delivery_of,
)
from tests.simulation.topic import PARTITIONS, TOPIC
from tests.simulation.world import World


def find_violations(world: World, *, over: bool) -> list[str]:
    """Give every rule that was broken; `over` once two weeks of peace have passed."""
    chronicle = Chronicle(world)
    return [
        *chronicle.broken,
        *_check_account(world, chronicle),
        *_check_deliveries(world, chronicle, over=over),
        *_check_badges(world, chronicle),
        *_check_ends(world, chronicle, over=over),
        *check_sounds(world),
        *check_leases(world, chronicle),
        *check_tightenings(world, chronicle),
        *check_phones(world, chronicle),
        *check_doubts(world),
    ]


def _check_account(world: World, chronicle: Chronicle) -> Iterator[str]:
    """I1, I12: every record once, by its first fate."""
    tables = world.tables
    for partition in range(PARTITIONS):
        log, fates = world.story.partitions[partition], tables.totals.get((TOPIC, partition))
        if log and tables.positions[TOPIC, partition] != log[-1].offset + 1:
            yield f"I1: partition {partition} stands at {tables.positions[TOPIC, partition]}, not at its end"
        ours = {name: getattr(fates, name, 0) for name in ("opened", "marks", "duplicates", "dead_letters")}
        if ours != expected_totals(chronicle, partition) or sum(ours.values()) != len(log):
            yield f"I12: partition {partition}: {ours} of {len(log)}, expected {expected_totals(chronicle, partition)}"


def _check_deliveries(world: World, chronicle: Chronicle, *, over: bool) -> Iterator[str]:
    """I12, I3: every delivery planned has ended, and what counts as accepted was on the phone."""
    tables = world.tables
    if tables.planned.get("planned", 0) != len(tables.deliveries):
        yield f"I12: {tables.planned.get('planned', 0)} deliveries were planned, {len(tables.deliveries)} are there"
    waiting = [row.ref.event.hex() for row in tables.deliveries.live.values()]
    if waiting:
        yield f"I3: {len(waiting)} deliveries wait for ever: {waiting[:3]}"
    there = {delivery_of(sent) for sent in arrived(world) if isinstance(sent.parcel.content, Alert)}
    lost = [key for key, row in tables.deliveries.items() if row.state == "accepted" and key not in there]
    if lost:
        yield f"I3: {len(lost)} deliveries count as accepted and never arrived: {lost[:3]}"
    if len(chronicle.unread.events) != len(tables.events):
        yield f"I2: {len(tables.events)} events are there, {len(chronicle.unread.events)} were opened"
    if over and tables.quiet:
        yield f"R14: {len(tables.quiet)} devices are owed silent work for ever"


def _check_badges(world: World, chronicle: Chronicle) -> Iterator[str]:
    """R14, A24: the stored count is the count."""
    for person in sorted(chronicle.facts.people):
        counted = sum(recipient == person for recipient, _ in chronicle.unread.counted)
        stored = world.tables.badges.get(person, NOBODY).unread  # type: ignore[call-overload]
        if stored != counted:
            yield f"A24: the badge of {person} is {stored}, {counted} matters are unread"


def _check_ends(world: World, chronicle: Chronicle, *, over: bool) -> Iterator[str]:
    """B6, A25: each event ends once, with a cause, or is open because somebody was told."""
    tables = world.tables
    told_of = [status.key for status in tables.statuses.values() if status.seq == 6]
    for key, row in tables.events.items():
        states = {tables.deliveries[one].state for one in tables.delivered.get(key, ())}
        name = row.opening.event.id
        if row.ended is None:
            if over or row.told_at is None:
                yield f"B6: {name} has no end (held {row.held}, told {row.told_at}, deliveries {sorted(states)})"
        elif told_of.count(key) != 1:
            yield f"B6: the end of {name} was told {told_of.count(key)} times"
        elif (fault := _find_no_cause(chronicle, key, row, states)) is not None:
            yield f"A25: {name} ended as {row.ended.end.value} ({row.ended.reason}), {fault}"


def _find_no_cause(chronicle: Chronicle, key: bytes, row: EventRow, states: set[str]) -> str | None:
    event, end, never = chronicle.unread.events[key], row.ended.end.value, 1 << 60  # type: ignore[union-attr]
    recipients = [*chronicle.facts.people] if end == "seen" else []
    if end == "seen" and not any(
        chronicle.unread.covers(event, one, MarkKind.READ, MarkKind.ACTED) for one in recipients
    ):
        return "and nobody has read it"
    if end == "withdrawn" and not chronicle.unread.covers(event, 0, MarkKind.WITHDRAWN):
        return "and nobody withdrew it"
    if end == "delivered_unseen" and row.told_at is None:
        return "and nobody was told"
    if end in ("unreachable", "legacy", "superseded") and chronicle.told.get(key, never) < chronicle.ended.get(key, 0):
        return "and somebody was told"
    if end == "superseded":
        matter = [one for one in chronicle.unread.events.values() if one.matter_key == event.matter_key]
        return None if len(matter) > 1 else "and there is no other"
    return "and had notices" if end == "expired" and states else None
