"""Sweeping what a rebuild did not see, page by page, under the brake (B22, TRAPS)."""

from datetime import datetime

from notifier.dispatch.brakes import Brake
from notifier.dispatch.rebuilds import Cursor, Swept
from notifier.postgres import proxies, residents
from notifier.postgres.brakes import work_under_brakes
from notifier.postgres.pool import Connection, Pool, connection, transaction
from notifier.postgres.queries import query
from notifier.postgres.tightening import Link, find_ended_shares, tighten

_PAGE = 5000
_FIRST = -1
"""Below every id."""


class RebuiltResidents:
    """The projection of `1177.residents` while it is being rebuilt."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find_due(self, topic: str) -> int | None:
        """Give the generation whose every partition has passed its end."""
        return await _find_due(self._pool, topic)

    async def finish(self, topic: str, generation: int) -> None:
        """Let the projection count as fresh again."""
        await _finish(self._pool, topic, generation)

    async def sweep(self, topic: str, generation: int, after: Cursor | None, brake: Brake, now: datetime) -> Swept:
        """Bury one page of persons that the generation did not see."""
        (start,) = after or (_FIRST,)
        async with transaction(self._pool) as held:
            await held.execute(query("lock_projection_positions"), topic)
            page = await held.fetchrow(query("page_residents"), start, _PAGE, generation)
            if page is None or page["last"] is None:
                return Swept(after=None, gone=0)

            async def work(_on: object) -> residents.Changes:
                return await _bury_people(held, page["unseen"] or [], generation, now)

            done, tripped = await work_under_brakes(held, topic, brake, now, work)
            await tighten(held, await find_ended_shares(held, done.worse, ()), now)
            await held.execute(query("count_swept"), topic, done.tally.gone)
        return Swept(after=(page["last"],), gone=done.tally.gone, tripped=tripped)


class RebuiltProxies:
    """The projection of `1177.proxies` while it is being rebuilt."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find_due(self, topic: str) -> int | None:
        """Give the generation whose every partition has passed its end."""
        return await _find_due(self._pool, topic)

    async def finish(self, topic: str, generation: int) -> None:
        """Let the projection count as fresh again."""
        await _finish(self._pool, topic, generation)

    async def sweep(self, topic: str, generation: int, after: Cursor | None, brake: Brake, now: datetime) -> Swept:
        """Bury one page of links that the generation did not see."""
        async with transaction(self._pool) as held:
            await held.execute(query("lock_projection_positions"), topic)
            page = await held.fetchrow(query("page_proxies"), *(after or (_FIRST, _FIRST)), _PAGE, generation)
            if page is None or page["last_child"] is None:
                return Swept(after=None, gone=0)
            unseen = list(zip(page["children"] or (), page["guardians"] or (), strict=True))

            async def work(_on: object) -> proxies.Changes:
                return await _bury_links(held, unseen, generation, now)

            done, tripped = await work_under_brakes(held, topic, brake, now, work)
            await tighten(held, await find_ended_shares(held, (), done.closed), now)
            await held.execute(query("count_swept"), topic, done.tally.gone)
        return Swept(after=(page["last_child"], page["last_guardian"]), gone=done.tally.gone, tripped=tripped)


async def _bury_people(held: Connection, unseen: list[bytes], generation: int, now: datetime) -> residents.Changes:
    changes = residents.Changes()
    if unseen:
        locked = await held.fetch(query("lock_residents"), unseen, generation)
        await residents.bury(held, changes, [row["lookup"] for row in locked], now)
    return changes


async def _bury_links(held: Connection, unseen: list[Link], generation: int, now: datetime) -> proxies.Changes:
    changes = proxies.Changes()
    if unseen:
        children, guardians = [child for child, _ in unseen], [guardian for _, guardian in unseen]
        locked = await held.fetch(query("lock_unseen_proxies"), children, guardians, generation)
        await proxies.bury(held, changes, [(row["child"], row["guardian"]) for row in locked], now)
    return changes


async def _find_due(pool: Pool, topic: str) -> int | None:
    async with connection(pool) as held:
        generation: int | None = await held.fetchval(query("find_rebuilt_generation"), topic)
    return generation


async def _finish(pool: Pool, topic: str, generation: int) -> None:
    async with transaction(pool) as held:
        await held.execute(query("finish_rebuild"), topic, generation)
