"""Who the parts of a trace are and which pushes are theirs: for made-up people on the sandbox's page only (B42)."""

from collections.abc import Mapping, Sequence

import msgspec

from notifier.domain.identifiers import DeliveryId, DeviceId, NoticeId
from notifier.postgres.pool import Pool, connection
from notifier.postgres.queries import query
from notifier.wire.fingerprints import event_key


class PushSent(msgspec.Struct, frozen=True, kw_only=True):
    """The ids of one push."""

    notice: NoticeId
    delivery: DeliveryId


class OwnDevice(msgspec.Struct, frozen=True, kw_only=True):
    """What an app knows of itself since its registration; the key as it is stored, sealed."""

    id: DeviceId
    content_key: bytes


async def find_recipients(pool: Pool, source: str, id: str) -> Mapping[str, bytes]:
    """Give the pseudonyms of everybody considered for an event, by what its trace calls them."""
    async with connection(pool) as held:
        rows = await held.fetch(query("recognise_recipients"), event_key(source, id))
    first = 0 if rows and rows[0]["own"] else 1
    return {f"ombud {at}" if at else "subject": row["pseudonym"] for at, row in enumerate(rows, first)}


async def find_sent(pool: Pool, source: str, id: str) -> Sequence[PushSent]:
    """Give the pushes of an event."""
    async with connection(pool) as held:
        rows = await held.fetch(query("recognise_pushes"), event_key(source, id))
    return [PushSent(notice=NoticeId(row["notice"]), delivery=DeliveryId(row["id"])) for row in rows]


async def find_device(pool: Pool, token_index: bytes) -> OwnDevice | None:
    """Give what a registered app knows of itself."""
    async with connection(pool) as held:
        row = await held.fetchrow(query("recognise_device"), token_index)
    return None if row is None else OwnDevice(id=DeviceId(row["id"]), content_key=row["content_key"])
