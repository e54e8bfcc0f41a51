"""What must hold after a run, whatever happened in it (I1 to I3, I7 to I9, I12; A22 to A25, A29, A30)."""

from collections.abc import Iterator

from notifier.domain.events import MarkKind
from notifier.domain.pushes import Alert, Refused, Trouble
from tests.fakes.rows import NOBODY, EventRow
from tests.simulation.chronicle import Chronicle, expected_totals
from tests.simulation.phones import Sent
from tests.simulation.run import World
from tests.simulation.story import PARTITIONS, TOPIC

_HAND_OFF_SECONDS = 60.0
_HEARING_SECONDS = 4.0
_MISSED = ("muted", "account_inactive", "region_not_joined")


def find_violations(world: World, *, over: bool) -> list[str]:
    """Give every rule that was broken; `over` once two weeks of peace have passed."""
    chronicle = Chronicle(world)
    return [
        *chronicle.broken,
        *_check_account(world, chronicle, over=over),
        *_check_badges(world, chronicle),
        *_check_ends(world, chronicle, over=over),
        *_check_sounds(world),
        *_check_tightenings(world, chronicle),
        *_check_phones(world, chronicle),
    ]


def _check_account(world: World, chronicle: Chronicle, *, over: bool) -> Iterator[str]:
    """I12: every record once, by its first fate; every delivery planned is open or has ended."""
    tables = world.tables
    for partition in range(PARTITIONS):
        log, fates = world.story.partitions[partition], tables.totals.get((TOPIC, partition))
        if log and tables.positions[TOPIC, partition] != log[-1].offset + 1:
            yield f"I1: partition {partition} stands at {tables.positions[TOPIC, partition]}, not at its end"
        ours = {name: getattr(fates, name, 0) for name in ("opened", "marks", "duplicates", "dead_letters")}
        if ours != expected_totals(chronicle, partition) or sum(ours.values()) != len(log):
            yield f"I12: partition {partition}: {ours} of {len(log)}, expected {expected_totals(chronicle, partition)}"
    if tables.planned.get("planned", 0) != len(tables.deliveries):
        yield f"I12: {tables.planned.get('planned', 0)} deliveries were planned, {len(tables.deliveries)} are there"
    waiting = [row.ref.event.hex() for row in tables.deliveries.live.values()]
    if waiting:
        yield f"I3: {len(waiting)} deliveries wait for ever: {waiting[:3]}"
    arrived = {_delivery_of(sent) for sent in _arrived(world) if isinstance(sent.parcel.content, Alert)}
    lost = [key for key, row in tables.deliveries.items() if row.state == "accepted" and key not in arrived]
    if lost:
        yield f"I3: {len(lost)} deliveries count as accepted and never arrived: {lost[:3]}"
    if len(chronicle.events) != len(tables.events):
        yield f"I2: {len(tables.events)} events are there, {len(chronicle.events)} were opened"
    if over and tables.quiet:
        yield f"R14: {len(tables.quiet)} devices are owed silent work for ever"


def _check_badges(world: World, chronicle: Chronicle) -> Iterator[str]:
    """R14, A24: the stored count is the count."""
    for person in sorted(chronicle.facts.people):
        counted = sum(recipient == person for recipient, _ in chronicle.counted)
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
    event, end, never = chronicle.events[key], row.ended.end.value, 1 << 60  # type: ignore[union-attr]
    recipients = [*chronicle.facts.people] if end == "seen" else []
    if end == "seen" and not any(chronicle.covers(event, one, MarkKind.READ, MarkKind.ACTED) for one in recipients):
        return "and nobody has read it"
    if end == "withdrawn" and not chronicle.covers(event, 0, MarkKind.WITHDRAWN):
        return "and nobody withdrew it"
    if end == "delivered_unseen" and row.told_at is None:
        return "and nobody was told"
    if end in ("unreachable", "legacy", "superseded") and chronicle.told.get(key, never) < chronicle.ended.get(key, 0):
        return "and somebody was told"
    if end == "superseded":
        matter = [one for one in chronicle.events.values() if one.matter_key == event.matter_key]
        return None if len(matter) > 1 else "and there is no other"
    return "and had notices" if end == "expired" and states else None


def _check_sounds(world: World) -> Iterator[str]:
    """A29: no second sound more than a minute after the first, and never two entries of one matter."""
    first: dict[tuple[str, bytes], float] = {}
    shown: dict[tuple[str, bytes], bytes] = {}
    for sent in sorted(_arrived(world), key=lambda sent: sent.arrived_at or 0):
        parcel, content = sent.parcel, sent.parcel.content
        if not isinstance(content, Alert):
            continue
        event = world.tables.deliveries[_delivery_of(sent)].ref.event  # type: ignore[index]
        matter = parcel.token, world.tables.events[event].opening.event.matter_key
        if shown.setdefault(matter, content.collapse_id) != content.collapse_id:
            yield f"A28: phone {parcel.token} shows a matter twice"
        if sent.sounds:
            heard_at = first.setdefault((parcel.token, parcel.id), sent.began_at)
            if sent.began_at > heard_at + 60:
                yield f"A29: phone {parcel.token} sounds again after {sent.began_at - heard_at:.1f} s"


def _arrived(world: World) -> list[Sent]:
    return [sent for sent in world.post.sent if sent.arrived_at is not None]


def _delivery_of(sent: Sent) -> int:
    return int.from_bytes(sent.parcel.id[8:])


def _check_tightenings(world: World, chronicle: Chronicle) -> Iterator[str]:
    """A30: what was decided before is at most a first hand-off; what lanes hold they let go."""
    stops = [(name, begin, end) for name, begin, end in world.stops]
    for sent in world.post.sent:
        if not isinstance(sent.parcel.content, Alert):
            continue
        row = world.tables.deliveries[_delivery_of(sent)]  # type: ignore[index]
        about = chronicle.person[chronicle.events[row.ref.event].subject]
        read, born = chronicle.born[row.ref.event][row.ref.notice]
        claims = [number for number, at in chronicle.claims.get(_delivery_of(sent), ()) if at <= sent.began_at]
        for number, at in chronicle.tightened.get((row.recipient, about), ()):
            late = sent.began_at - at
            if late < 0 or number < max([read, *claims[-1:]]):
                continue  # it came later, or before the last judging, which is held to the rules by itself
            stopped = any(sent.process == name and begin <= sent.began_at and end >= at for name, begin, end in stops)
            if late > _HAND_OFF_SECONDS or (born < number and late > _HEARING_SECONDS and not stopped):
                yield f"A30: {row.ref.event.hex()} went to {row.recipient} {late:.1f} s after it was forbidden"


def _check_phones(world: World, chronicle: Chronicle) -> Iterator[str]:
    """R2, R14: phones show unread matters only, and the newest badge; but for those whom a provider refused."""
    refused = {sent.parcel.token for sent in world.post.sent if sent.outcome == Refused(trouble=Trouble.REFUSED)}
    for token, phone in sorted(world.post.phones.items()):
        device = world.tables.devices[int(token)]  # type: ignore[index]
        owner = world.tables.persons[device.person]
        untrusted = owner.id in chronicle.hidden and device.device.trusted_at <= owner.protected_at
        if token in world.post.uninstalled or device.parked or token in refused or untrusted:
            continue
        for sent in phone.shown.values():
            event = chronicle.events[world.tables.deliveries[_delivery_of(sent)].ref.event]  # type: ignore[index]
            if (device.person, event.matter_key) not in chronicle.counted and not _was_lost(sent):
                yield f"R2: phone {token} still shows {event.id}"
        unread = world.tables.badges.get(device.person, NOBODY).unread
        if phone.last is not None and phone.badge != unread and not _is_excused(world, token, phone.last):
            yield f"R14: phone {token} shows badge {phone.badge}, {unread} are unread"


def _was_lost(sent: Sent) -> bool:
    """Nobody heard the answer, or it showed after its answer: nothing can be known of it."""
    return sent.answered_at is None or (sent.arrived_at or 0) > sent.answered_at


def _is_excused(world: World, token: str, last: Sent) -> bool:
    """A device whose alert was given up, or muted when it was already counted, has missed a badge (A24)."""
    rows = [row for row in world.tables.deliveries.values() if str(row.delivery.device) == token]
    return _was_lost(last) or any(row.state in ("failed", "expired") or row.reason in _MISSED for row in rows)
