"""The migration that brings `proven_at` over a table that is full (R17)."""

from datetime import UTC, datetime

import pytest

from notifier.postgres.migrations import migrate
from notifier.postgres.pool import Pool
from tests.postgres import read_migrations

_INSERT = """
insert into device (id, person, platform, environment, lane, kind, token, token_index, content_key, registered_at,
                    confirmed_at)
select id, id, 'ios', 'production', 'lane', 'token', id::text::bytea, id::text::bytea, '', $2, $2
  from generate_series($1::bigint, $1::bigint + 999) as s (id)"""
_NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.holds("R17", "R43")
async def test_what_is_there_already_is_proven_without_being_written_and_what_comes_is_in_doubt(pool: Pool) -> None:
    await pool.execute("alter table device drop column proven_at; delete from migration where name like '0007%'")
    await pool.execute(_INSERT, 1, _NOW)
    where = "select pg_relation_filenode('device')"
    before = await pool.fetchval(where)

    assert await migrate(pool, read_migrations()) == ["0007_proven_at.sql"]

    assert await pool.fetchval(where) == before, "every row was written anew, under a lock that nobody passes"
    await pool.execute(_INSERT, 5001, _NOW)
    assert await pool.fetchval("select count(proven_at) from device where id < 5000") == 1000
    assert await pool.fetchval("select count(proven_at) from device where id > 5000") == 0
