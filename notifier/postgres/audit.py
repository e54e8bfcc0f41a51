"""Who opened or changed something, and why: a row in the same transaction, or it does not happen (A37, B43)."""

from notifier.postgres.pool import Connection
from notifier.postgres.queries import query


async def write_audit(connection: Connection, operator: str, action: str, purpose: str | None, what: str) -> None:
    """Write one row; whatever it is for commits with it or not at all."""
    await connection.execute(query("write_audit"), operator, action, purpose, what)
