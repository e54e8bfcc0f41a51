"""Dead letters taken again: same gate, ages, windows and caps as a new record (B24); a line of their own (A6)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from notifier.dispatch.admission import admit, first_digests
from notifier.dispatch.batches import Batch
from notifier.domain.reasons import DeadLetterReason
from notifier.postgres.audit import write_audit
from notifier.postgres.gate import pass_gate
from notifier.postgres.letters import SEALED_FOR
from notifier.postgres.noticing import settle_badges
from notifier.postgres.opening import Openings
from notifier.postgres.pool import Connection, Pool, connection, transaction
from notifier.postgres.queries import query
from notifier.wire.records import Position

REOPENED, DEAD_AGAIN = "reopened", "dead_again"


class Replays:
    """Opens sealed records again; the deliveries wait for whoever feeds the lanes."""

    def __init__(self, pool: Pool, openings: Openings, unseal: Callable[[bytes, bytes], bytes]) -> None:
        self._pool = pool
        self._openings = openings
        self._unseal = unseal

    async def read(self, ids: Sequence[int]) -> dict[int, bytes]:
        """Give the records of letters that still have theirs and were not reopened already."""
        async with connection(self._pool) as held:
            rows = await held.fetch(query("read_replayable"), ids)
        return {row["id"]: self._unseal(row["record"], SEALED_FOR) for row in rows}

    async def replay(
        self, batch: Batch, ids: Mapping[Position, int], dead: Mapping[int, DeadLetterReason], operator: str
    ) -> dict[int, DeadLetterReason | None]:
        """Open what can be opened in one transaction; give for each letter why it is dead again, None if it is not."""
        async with transaction(self._pool) as held:
            known = await pass_gate(held, first_digests(batch.items), batch.day)
            admission = admit(batch.items, known)
            stored = await self._openings.store(held, batch, admission)
            fates: dict[int, DeadLetterReason | None] = dict.fromkeys(ids.values())
            fates |= {ids[item.position]: DeadLetterReason.ID_REUSED for item in admission.reused}
            fates |= {ids[item.position]: DeadLetterReason.MATTER_OF_ANOTHER for item in stored.strangers}
            fates |= dead
            await self._remember(held, fates, batch.now)
            await write_audit(held, operator, "replay dead letters", None, ",".join(str(one) for one in sorted(fates)))
            await settle_badges(held, stored.written)
        return fates

    async def _remember(self, held: Connection, fates: Mapping[int, DeadLetterReason | None], now: datetime) -> None:
        await held.execute(
            query("remember_replays"),
            list(fates),
            [REOPENED if reason is None else DEAD_AGAIN for reason in fates.values()],
            list(fates.values()),
            now,
        )
