"""Events, notices and deliveries in memory: what opening and judging again write alike."""

import msgspec

from notifier.dispatch.batches import Batch, Due
from notifier.dispatch.outlook import Outlook, find_updates, give_back_texts, make_due, plan_deliveries, ref_of
from notifier.domain.identifiers import PersonId
from notifier.domain.matters import Settled
from notifier.domain.plans import Delivery, NoticeRef, Opening
from notifier.domain.verdicts import Push
from tests.fakes.endings import move_badges, supersede
from tests.fakes.rows import DeliveryRow, EventRow, NoticeRow, Tables

replace = msgspec.structs.replace
Planned = tuple[Opening, Settled, Delivery]


def insert_event(tables: Tables, opening: Opening, row: EventRow) -> None:
    event = opening.event
    tables.events.put(event.key, row)
    tables.of_matter.put(event.matter_key, (*tables.of_matter.get(event.matter_key, ()), event.key))


def write_notices(tables: Tables, batch: Batch, outlook: Outlook) -> list[Due]:
    """Write notices, deliveries and badges; give what was born leased."""
    for opening, settled in outlook.notices:
        ref, decision = ref_of(opening, settled), settled.planned.decision
        row = NoticeRow(
            ref=ref,
            recipient=decision.recipient,
            about=decision.about,
            verdict=type(settled.verdict).__name__.lower(),
            reason=None if isinstance(settled.verdict, Push) else settled.verdict.reason,
        )
        if (ref.event, ref.notice) not in tables.notices:
            tables.noticed.put(ref.event, (*tables.noticed.get(ref.event, ()), ref.notice))
        tables.notices.put((ref.event, ref.notice), row)
    planned = tell_outdated(tables, batch, plan_deliveries(outlook, supersede(tables, outlook.replaced)))
    for opening, settled, delivery in planned:
        insert_delivery(tables, batch, settled.planned.decision.recipient, delivery, ref_of(opening, settled))
    tables.planned.put("planned", tables.planned.get("planned", 0) + len(planned))
    supersede(tables, outlook.replaced_here)
    badges = move_badges(tables, outlook.badges)
    return [
        make_due(opening, settled, delivery, badges[settled.planned.decision.recipient])
        for opening, settled, delivery in planned
        if delivery.leased
    ]


def tell_outdated(tables: Tables, batch: Batch, planned: list[Planned]) -> list[Planned]:
    """Tell each device whose app is too old once in a while."""
    border, told = batch.update_border, set()
    for device, delivery in find_updates(planned).items() if border is not None else ():
        row = tables.devices[device]
        if row.device.told_to_update_at is None or row.device.told_to_update_at <= border:
            owned = replace(row.device, told_to_update_at=batch.now)
            tables.devices.put(device, replace(row, device=owned))
            told.add(delivery)
    return give_back_texts(planned, told)


def insert_delivery(tables: Tables, batch: Batch, recipient: PersonId, delivery: Delivery, ref: NoticeRef) -> None:
    now = tables.clock()
    row = DeliveryRow(
        ref=ref,
        recipient=recipient,
        delivery=delivery,
        opened_at=now,
        available_at=now + (batch.lease.total_seconds() if delivery.leased else 0),
        handed=delivery.leased,
    )
    tables.deliveries.put(delivery.id, row)
    tables.delivered.put(ref.event, (*tables.delivered.get(ref.event, ()), delivery.id))
