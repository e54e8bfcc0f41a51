"""PostgreSQL: the ledger, the projections and their SQL; the only room that knows asyncpg."""
