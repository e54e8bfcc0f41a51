"""What ends events, deliveries and badge shares in memory, whoever calls for it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from notifier.dispatch.batches import Badge
from notifier.domain.ends import Ended
from notifier.domain.identifiers import CollapseId, DeliveryId, DeviceId, EventKey, PersonId
from notifier.domain.matters import Cancelled, Ending
from notifier.domain.plans import NoticeRef
from notifier.domain.reasons import End, Reason
from notifier.domain.statuses import Status, tell_end
from notifier.domain.verdicts import Loudness
from tests.fakes.rows import NOBODY, DeliveryRow, QuietRow, Tables

replace = msgspec.structs.replace


def move_badges(tables: Tables, changes: Mapping[PersonId, int]) -> dict[PersonId, Badge]:
    for recipient, change in sorted(changes.items()):
        old = tables.badges.get(recipient, NOBODY)
        tables.badges.put(recipient, Badge(unread=max(old.unread + change, 0), version=old.version + 1))
    return {recipient: tables.badges[recipient] for recipient in changes}


def waiting_of(tables: Tables, ref: NoticeRef) -> list[tuple[DeliveryId, DeliveryRow]]:
    rows = ((key, tables.deliveries[key]) for key in tables.delivered.get(ref.event, ()))
    return [(key, row) for key, row in rows if row.ref == ref and row.state == "waiting"]


def supersede(tables: Tables, refs: Sequence[NoticeRef]) -> dict[NoticeRef, Loudness]:
    gone = {}
    for ref in refs:
        for key, row in waiting_of(tables, ref):
            tables.deliveries.put(key, replace(row, state="superseded", reason="superseded"))
            gone[ref] = row.delivery.loudness
    return gone


def cancel(tables: Tables, cancelled: Iterable[Cancelled]) -> None:
    for one in cancelled:
        for key, row in waiting_of(tables, one.notice):
            tables.deliveries.put(key, replace(row, state="cancelled", reason=one.reason))


def end_event(tables: Tables, key: EventKey, ended: Ended, now: datetime) -> Status:
    row = tables.events[key]
    tables.events.put(key, replace(row, ended=ended, ended_at=now))
    tables.note("ended", (key, ended))
    event = row.opening.event
    return tell_end(
        key, event.source, event.id, ended, about_child=row.about_child, opened_at=row.opening.opened_at, now=now
    )


def end_superseded(tables: Tables, refs: Sequence[NoticeRef], now: datetime) -> list[Status]:
    ended = []
    for key in sorted({ref.event for ref in refs}):
        row = tables.events[key]
        states = {tables.deliveries[one].state for one in tables.delivered.get(key, ())}
        if row.ended is None and row.told_at is None and row.held is None and not states & {"waiting", "accepted"}:
            ended.append(end_event(tables, key, Ended(end=End.SUPERSEDED, reason=Reason.SUPERSEDED), now))
    return ended


def end_marked(tables: Tables, endings: Sequence[Ending], now: datetime) -> list[Status]:
    covered: dict[EventKey, set[End]] = {}
    for ending in endings:
        for key in tables.of_matter.get(ending.matter, ()):
            row = tables.events[key]
            if row.ended is None and row.opening.event.time <= ending.at:
                covered.setdefault(key, set()).add(ending.end)
    return [
        end_event(tables, key, Ended(end=End.SEEN if End.SEEN in ends else End.WITHDRAWN), now)
        for key, ends in sorted(covered.items())
    ]


def end_untold(tables: Tables, failed: Sequence[tuple[EventKey, Reason | None]], now: datetime) -> list[Status]:
    """End events with no delivery left of which nobody was told (B6)."""
    reasons: dict[EventKey, list[Reason]] = {}
    for key, reason in failed:
        reasons.setdefault(key, []).extend([reason] if reason is not None else [])
    statuses = []
    for key, known in sorted(reasons.items()):
        row = tables.events[key]
        left = {tables.deliveries[one].state for one in tables.delivered.get(key, ())} & {"waiting", "accepted"}
        if row.ended is None and row.told_at is None and row.held is None and not left:
            end = End.LEGACY if row.legacy else End.UNREACHABLE
            statuses.append(end_event(tables, key, Ended(end=end, reason=min(known, default=None)), now))
    return statuses


def end_deliveries(
    tables: Tables, ended: Sequence[tuple[DeliveryId, str, Reason]], now: datetime, *, known: bool = True
) -> list[Status]:
    """End deliveries that still wait, and with them their events; `known` is what became of the last attempt."""
    failed = []
    for key, state, reason in ended:
        row = tables.deliveries[key]
        if row.state == "waiting":
            doubtful = (row.handed and not known) or (row.unsure and state == "expired")
            tables.deliveries.put(key, replace(row, state=state, reason=reason, handed=doubtful))
            failed.append((row.ref.event, reason))
    return end_untold(tables, failed, now)


def owe_quiet(tables: Tables, shown: Sequence[tuple[PersonId, CollapseId | None]], *, urgent: bool = False) -> None:
    """Owe every device of these recipients the newest badge and the removal of what it shows."""
    now = tables.clock()
    people = sorted({person for person, _ in shown})
    for device in sorted(one for person in people for one in tables.owned.get(person, ())):
        row = tables.devices[device]
        if row.parked:
            continue
        mine = [collapse for person, collapse in shown if person == row.person]
        removals = tuple(collapse for collapse in mine if collapse is not None)
        owe(tables, device, QuietRow(
            recipient=row.person, lane=row.device.lane, available_at=now, removals=removals, urgent=urgent
        ))  # fmt: skip


def owe(tables: Tables, device: DeviceId, more: QuietRow) -> None:
    """Add to what a device is owed; what is being sent is not sent twice at a time."""
    owed = tables.quiet.get(device)
    if owed is None:
        tables.quiet.put(device, replace(more, wanted=tables.make_number()))
        return
    held = owed.lease > 0 and owed.available_at > tables.clock()
    tables.quiet.put(device, replace(
        owed,
        with_badge=True,
        removals=(owed.removals + more.removals)[:100],
        urgent=owed.urgent or more.urgent,
        available_at=owed.available_at if held else min(owed.available_at, more.available_at),
        wanted=owed.wanted + 1,
    ))  # fmt: skip


def repair(tables: Tables, device: DeviceId, recipient: PersonId, told: Badge) -> None:
    """A device that was told an older badge than its owner has now is owed the newest (R14)."""
    row, newest = tables.devices.get(device), tables.badges.get(recipient, NOBODY)
    if row is not None and not row.parked and newest.version > told.version:
        more = QuietRow(recipient=row.person, lane=row.device.lane, available_at=tables.clock() + 1)
        owe(tables, device, more)
