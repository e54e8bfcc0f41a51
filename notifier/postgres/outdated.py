"""Devices whose app is too old are told so at most once in a while, whoever opens notices for them (R19)."""

from collections.abc import Sequence
from datetime import datetime

from notifier.dispatch.outlook import find_updates, give_back_texts, ref_of
from notifier.domain.devices import UPDATE
from notifier.domain.matters import Settled
from notifier.domain.plans import Delivery, Opening
from notifier.postgres.days import distinct
from notifier.postgres.pool import Connection
from notifier.postgres.queries import query

Planned = tuple[Opening, Settled, Delivery]


async def tell_outdated(
    connection: Connection, planned: Sequence[Planned], border: datetime | None, now: datetime
) -> Sequence[Planned]:
    """Claim for each device the one delivery that tells it; give all, the others with the text of their notice."""
    updates = find_updates(planned) if border is not None else {}
    if not updates:
        return planned
    rows = await connection.fetch(query("tell_to_update"), list(updates), border, now)
    told = {updates[row["id"]] for row in rows}
    others = {one.id for _, _, one in planned if one.text_key == UPDATE and one.id not in told}
    settled = give_back_texts(planned, told)
    if others:
        await _store_texts(connection, [one for one in settled if one[2].id in others])
    return settled


async def _store_texts(connection: Connection, planned: Sequence[Planned]) -> None:
    refs = [ref_of(opening, settled) for opening, settled, _ in planned]
    await connection.execute(
        query("store_texts"),
        [ref.day for ref in refs],
        [ref.event for ref in refs],
        [ref.notice for ref in refs],
        [delivery.id for _, _, delivery in planned],
        [delivery.text_key for _, _, delivery in planned],
        distinct(ref.day for ref in refs),
    )
