"""After a COMMIT whose reply was lost: did it happen, and if so who sends what it opened (DESIGN 3)."""

from collections.abc import Sequence

from notifier.dispatch.batches import Batch
from notifier.domain.identifiers import DeliveryId, EventKey
from notifier.domain.plans import Opening
from notifier.postgres.pool import Pool, connection
from notifier.postgres.queries import query


class Offsets:
    """The positions of intake, as the path asks for them."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def position(self, topic: str, partition: int) -> int | None:
        """Give the next offset of a partition, None where it has no position."""
        async with connection(self._pool) as held:
            offset: int | None = await held.fetchval(query("read_position"), topic, partition)
        return offset

    async def release_events(self, batch: Batch, keys: Sequence[EventKey]) -> None:
        """Make the deliveries of a committed batch claimable at once."""
        async with connection(self._pool) as held:
            await held.execute(query("release_events"), batch.day, keys, _delivery_ids(batch))


def _delivery_ids(batch: Batch) -> list[DeliveryId]:
    works = [item.work for item in batch.items if isinstance(item.work, Opening)]
    return [delivery.id for work in works for planned in work.planned for delivery in planned.deliveries]
