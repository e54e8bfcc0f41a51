"""Messages owed to Kafka: written in the transaction that makes them true, several in a row (DESIGN 5)."""

from collections.abc import Iterable, Iterator

from notifier.domain.statuses import Status
from notifier.postgres.copying import copy_rows
from notifier.postgres.pool import Connection
from notifier.postgres.queries import query
from notifier.wire.statuses import encode_status, status_key

SHARDS = 16
_MOST_IN_A_ROW = 200
_COLUMNS = ("shard", "topic", "keys", "contents")


def shard_of(key: bytes) -> int:
    """Give the shard of an event: one per event, so that its states keep their order."""
    return key[0] % SHARDS


async def put_statuses(connection: Connection, topic: str, statuses: Iterable[Status]) -> int:
    """Owe these statuses, in order; those that are due later go in rows of their own. Gives how many."""
    count = 0
    now: list[Status] = []
    later: list[Status] = []
    for status in statuses:
        count += 1
        (later if status.after else now).append(status)
    await copy_rows(connection, "outbox", _COLUMNS, ((shard, topic, *_encode(few)) for shard, few in _bundle(now)))
    for after in sorted({status.after for status in later}):
        waiting = [status for status in later if status.after == after]
        rows = [(shard, topic, *_encode(few), after) for shard, few in _bundle(waiting)]
        await connection.executemany(query("put_outbox"), rows)
    return count


def _bundle(statuses: Iterable[Status]) -> Iterator[tuple[int, list[Status]]]:
    """Give bundles of one shard each, in order within it."""
    shards: dict[int, list[Status]] = {}
    for status in statuses:
        shards.setdefault(shard_of(status.key), []).append(status)
    for shard, ours in sorted(shards.items()):
        for start in range(0, len(ours), _MOST_IN_A_ROW):
            yield shard, ours[start : start + _MOST_IN_A_ROW]


def _encode(statuses: list[Status]) -> tuple[list[bytes], list[bytes]]:
    keys = [status_key(status.source, status.id) for status in statuses]
    contents = [
        encode_status(status.source, status.id, status.seq, status.at, status.state, status.reason)
        for status in statuses
    ]
    return keys, contents
