"""The outbox as the relay sees it: shards under a lease, rows that go after the acknowledgement."""

import uuid
from datetime import timedelta

from notifier.dispatch.relay import Errand, Parcel
from notifier.postgres.pool import Pool, connection
from notifier.postgres.queries import query

_ROWS_PER_SHARD = 10


class StoredOutbox:
    """Holds no connection between claim and settle; a process that dies is followed when its lease ends."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._holder = uuid.uuid4()

    async def claim(self, within: timedelta) -> Errand:
        """Take the free shards that have something due, and their oldest rows."""
        async with connection(self._pool) as held:
            claimed = await held.fetch(query("claim_shards"), self._holder, within)
            shards = [row["shard"] for row in claimed]
            rows = await held.fetch(query("read_due_messages"), shards, _ROWS_PER_SHARD) if shards else ()
        parcels = [
            Parcel(shard=row["shard"], id=row["id"], topic=row["topic"], keys=row["keys"], values=row["contents"])
            for row in rows
        ]
        return Errand(shards=shards, parcels=parcels)

    async def settle(self, errand: Errand) -> None:
        """Delete what was acknowledged and give the shards back."""
        async with connection(self._pool) as held:
            await held.execute(
                query("settle_messages"),
                [parcel.shard for parcel in errand.parcels],
                [parcel.id for parcel in errand.parcels],
                errand.shards,
                self._holder,
            )
