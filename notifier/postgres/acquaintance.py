"""People whom a link, a device or a setting names, perhaps before their own record came (A19)."""

from collections.abc import Sequence

from notifier.dispatch.identities import Reference
from notifier.postgres.pool import Connection
from notifier.postgres.queries import query


async def meet(held: Connection, people: Sequence[Reference], key_id: int) -> dict[bytes, int]:
    """Give everybody's id; those who have none get theirs as a row without a version, under the person key `key_id`."""
    ids = await _find(held, [one.pseudonym for one in people])
    missing = [one for one in people if one.pseudonym not in ids]
    if missing:
        names = [one.pseudonym for one in missing]
        await held.execute(query("introduce_people"), [one.id for one in missing], names, key_id)
        ids |= await _find(held, names)
    return ids


async def _find(held: Connection, lookups: Sequence[bytes]) -> dict[bytes, int]:
    return {row["lookup"]: row["id"] for row in await held.fetch(query("find_people"), lookups)}
