"""Tokens to which a provider has taken a push: they travel with the others from then on (R17, protocols 2.1)."""

from collections.abc import Collection

from notifier.domain.identifiers import DeviceId
from notifier.postgres.pool import Connection
from notifier.postgres.queries import query


async def prove_devices(connection: Connection, taken: Collection[DeviceId]) -> None:
    """Remember that these doubtful tokens work; where there are none, nothing is asked."""
    if taken:
        await connection.execute(query("prove_devices"), sorted(set(taken)))
