"""Messages owed to Kafka: written in the transaction that makes them true, several in a row (DESIGN 5)."""

from collections.abc import Iterable
from datetime import timedelta

from notifier.domain.statuses import Status
from notifier.postgres.pool import Connection
from notifier.postgres.queries import query
from notifier.wire.statuses import encode_status, status_key

SHARDS = 16
_MOST_IN_A_ROW = 200


def shard_of(key: bytes) -> int:
    """Give the shard of an event: one per event, so that its states keep their order."""
    return key[0] % SHARDS


async def put_statuses(connection: Connection, topic: str, statuses: Iterable[Status]) -> int:
    """Owe these statuses, in order; those that are due later go in rows of their own. Gives how many."""
    bundles: dict[tuple[int, timedelta], list[Status]] = {}
    for status in statuses:
        bundles.setdefault((shard_of(status.key), status.after), []).append(status)
    rows = [
        (shard, topic, *_encode(bundle[start : start + _MOST_IN_A_ROW]), after)
        for (shard, after), bundle in sorted(bundles.items())
        for start in range(0, len(bundle), _MOST_IN_A_ROW)
    ]
    if rows:
        await connection.executemany(query("put_outbox"), rows)
    return sum(len(bundle) for bundle in bundles.values())


def _encode(statuses: list[Status]) -> tuple[list[bytes], list[bytes]]:
    keys = [status_key(status.source, status.id) for status in statuses]
    contents = [
        encode_status(status.source, status.id, status.seq, status.at, status.state, status.reason)
        for status in statuses
    ]
    return keys, contents
