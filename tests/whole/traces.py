"""Everything that came out of notifier, and what it keeps: where a leak would be."""

from collections.abc import AsyncIterator, Iterator

import asyncpg
import orjson

from tests.kafka_parts import read_all
from tests.whole.shown import read_journal
from tests.whole.trial import Trial

OUTGOING = {"status": 4, "dead-letters": 1, "settings": 4}
_TABLES = """
select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by c.relname
"""


async def read_tables(trial: Trial) -> AsyncIterator[tuple[str, bytes]]:
    """Give every value of every column, as `table.column`."""
    connection = await asyncpg.connect(trial.dsn)
    try:
        for table in await connection.fetch(_TABLES):
            columns: dict[str, list[bytes]] = {}
            for row in await connection.fetch(f'select * from "{table["name"]}"'):
                for column, value in row.items():
                    columns.setdefault(column, []).append(_as_bytes(value))
            for column, values in columns.items():
                yield f"{table['name']}.{column}", b"\n".join(values)
    finally:
        await connection.close()


async def read_outgoing(trial: Trial) -> AsyncIterator[tuple[str, bytes]]:
    """Give every record of every topic that notifier writes: key, value and headers."""
    for name, partitions in OUTGOING.items():
        records = await read_all(trial.stage.cluster, trial.topic(name), partitions)
        parts = [[record.key, record.value, *(half for pair in record.headers for half in pair)] for record in records]
        yield f"topic {name}", b"\n".join(_as_bytes(part) for record in parts for part in record)


def read_payloads(trial: Trial) -> Iterator[tuple[str, bytes]]:
    """Give what providers got beside the token itself, which is the address of a push."""
    for push in read_journal(trial.stage.journal, trial.journal_start):
        headers, payload = push["headers"], push["payload"]
        if push["provider"] == "fcm":
            payload["message"].pop("token")
        yield f"payload to {push['provider']}", orjson.dumps([headers, payload])


def read_logs(trial: Trial) -> Iterator[tuple[str, bytes]]:
    """Give what the processes said, and PostgreSQL of what they asked."""
    for service in trial.services:
        yield "log", service.log.read_bytes()
    yield "log of PostgreSQL", (trial.stage.folder / "postgres" / "postgres.log").read_bytes()


def _as_bytes(value: object) -> bytes:
    match value:
        case bytes():
            return value
        case list() | tuple():
            return b"\n".join(_as_bytes(one) for one in value)
        case _:
            return str(value).encode()
