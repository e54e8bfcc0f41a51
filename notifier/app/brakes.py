"""`notifier release TOPIC KIND`: people have looked at what a mass-change brake stopped (B22)."""

from notifier.app.house import utc_now
from notifier.app.reach import reach_postgres
from notifier.app.terminal import say
from notifier.app.texts import require_texts
from notifier.dispatch.brakes import Kind, release
from notifier.postgres.audit import write_audit
from notifier.postgres.brakes import PostgresBrakes
from notifier.postgres.pool import open_pool, transaction
from notifier.settings import Settings


async def run(settings: Settings, *, topic: str, kind: str, operator: str, reason: str) -> int:
    """Let through what waited, after writing who released it and why; 1 where it was not braked."""
    require_texts(operator=operator, reason=reason)
    async with open_pool(reach_postgres(settings), "notifier release") as pool:
        async with transaction(pool) as held:
            await write_audit(held, operator.strip(), "release brake", reason.strip(), f"{topic} {kind}")
        rows = await release(PostgresBrakes(pool), settings.kafka.topic_prefix + topic, Kind(kind), utc_now())
    say(f"{topic} {kind}: was not braked." if rows is None else f"{topic} {kind}: released, {rows} rows let through.")
    return 1 if rows is None else 0
