"""Where the event topics stand: read at each assignment, rewound only when an operator says so (A5)."""

from collections.abc import Mapping

from notifier.dispatch.intake_port import choose_positions
from notifier.postgres.accounting import begin_stretches
from notifier.postgres.pool import Pool, connection, transaction
from notifier.postgres.queries import query


class IntakePositions:
    """The positions of the event topics."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def positions(self, topic: str, starts: Mapping[int, int]) -> Mapping[int, int]:
        """Give where each partition is to be read from, entering new ones; Misconfigured as `choose_positions`."""
        async with connection(self._pool) as held:
            rows = await held.fetch(query("read_intake_positions"), topic)
            stored = {row["partition"]: row["next_offset"] for row in rows}
            chosen = choose_positions(topic, stored, starts)
            new = [partition for partition in sorted(chosen) if partition not in stored]
            if new:
                await held.execute(query("enter_partitions"), topic, new, [chosen[partition] for partition in new])
        return chosen

    async def rewind(self, topic: str, starts: Mapping[int, int]) -> None:
        """Read the topic whole from where its log starts (`--from earliest`); what was read so far stays counted."""
        partitions = sorted(starts)
        async with transaction(self._pool) as held:
            await held.execute(query("lock_intake_positions"), topic)
            await begin_stretches(held, topic, starts)
            await held.execute(query("rewind_positions"), topic, partitions, [starts[one] for one in partitions])
