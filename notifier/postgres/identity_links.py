"""Several numbers of one person: kept in both directions, so that the strictest flag is found from either (B25)."""

from collections.abc import Sequence

from notifier.dispatch.stretches import ResidentRow
from notifier.postgres.pool import Connection
from notifier.postgres.queries import query


async def store_links(held: Connection, rows: Sequence[ResidentRow], known: Sequence[int]) -> list[int]:
    """Make the links what the newest versions say; give the people who have a link they did not have before.

    `known` are people who were there before and have a new version now: what they declared once may have gone.
    """
    naming = [row for row in rows if _others(row)]
    ids, naming = await _find_in_force(held, naming) if naming else ({}, [])
    pairs = sorted({(ids[row.change.pseudonym], ids[other]) for row in naming for other in _others(row)})
    people, others = [person for person, _ in pairs], [other for _, other in pairs]
    if known:
        await held.execute(query("drop_identity_links"), known, people, others)
    if not pairs:
        return []
    await _store_replacements(held, naming, ids)
    return [row["person"] for row in await held.fetch(query("add_identity_links"), people, others)]


async def _find_in_force(held: Connection, naming: Sequence[ResidentRow]) -> tuple[dict[bytes, int], list[ResidentRow]]:
    """Give ids of all that are named, and the rows whose version is the one in force."""
    lookups = {row.change.pseudonym for row in naming} | {other for row in naming for other in _others(row)}
    found = await held.fetch(query("find_versions"), list(lookups))
    versions = {row["lookup"]: row["version"] for row in found}
    in_force = [row for row in naming if versions[row.change.pseudonym] == row.change.version]
    return {row["lookup"]: row["id"] for row in found}, in_force


async def _store_replacements(held: Connection, naming: Sequence[ResidentRow], ids: dict[bytes, int]) -> None:
    replaced = [
        (ids[row.change.pseudonym], ids[row.change.replaced_by]) for row in naming if row.change.replaced_by is not None
    ]
    if replaced:
        await held.execute(query("store_replacements"), [one for one, _ in replaced], [other for _, other in replaced])


def _others(row: ResidentRow) -> tuple[bytes, ...]:
    replaced_by = row.change.replaced_by
    return row.change.linked if replaced_by is None else (*row.change.linked, replaced_by)
