"""Every statement of the house is one that PostgreSQL knows."""

import asyncpg
import pytest

from notifier.postgres.pool import Pool
from notifier.postgres.queries import read_statements


@pytest.mark.holds("R43")
async def test_every_named_statement_prepares(pool: Pool) -> None:
    refused = {}
    async with pool.acquire() as connection:
        for name, statement in read_statements().items():
            try:
                await connection.prepare(statement)
            except asyncpg.PostgresError as fault:
                refused[name] = str(fault)
    assert refused == {}


@pytest.mark.holds("R43")
def test_every_statement_says_why_on_its_second_line() -> None:
    assert [name for name, text in read_statements().items() if not text.startswith("-- ")] == []
