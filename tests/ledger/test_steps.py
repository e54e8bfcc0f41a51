"""The trace after the opening: what the rows of a notice do not hold themselves (B45, R38)."""

import pytest

from notifier.domain.events import MarkKind
from notifier.postgres.pool import Pool
from tests.ledger.cast import ANNA, HELD
from tests.ledger.parts import a_mark, an_event, an_opening
from tests.ledger.postgres_backend import PostgresBackend
from tests.ledger.scene import REFUSED, TOPIC, Scene, later


@pytest.fixture
async def stored(pool: Pool) -> Scene:
    """Lend a ledger on PostgreSQL: only there is a trace kept."""
    backend = PostgresBackend(pool)
    await backend.settle_in(TOPIC)
    return Scene(backend)


async def _steps(pool: Pool) -> list[tuple[str, str | None]]:
    rows = await pool.fetch("select what, reason from step order by at, what, reason")
    return sorted({(row["what"], row["reason"]) for row in rows}, key=str)


@pytest.mark.holds("R38", "B45")
async def test_attempts_that_failed_and_what_was_not_sent_leave_steps(stored: Scene, pool: Pool) -> None:
    first, second = (await stored.open(an_opening(an_event("e1")))).due
    await stored.record(later(unsure=True), first)
    await stored.record(REFUSED, second)
    assert await _steps(pool) == [
        ("attempted, again later", "unknown_outcome"),
        ("not sent", "provider_refused"),
    ]


@pytest.mark.holds("R38", "A23")
async def test_a_newer_event_and_a_mark_leave_steps(stored: Scene, pool: Pool) -> None:
    await stored.open(an_opening(an_event("old", at=1)))
    await stored.open(an_opening(an_event("new", at=2)))
    await stored.open(a_mark("m", MarkKind.READ, 3))
    assert await _steps(pool) == [("cancelled", "already_handled"), ("superseded", "superseded")]


@pytest.mark.holds("R38", "A7")
async def test_what_was_held_keeps_why_when_it_is_judged_again(stored: Scene, pool: Pool) -> None:
    event = an_event("e1")
    await stored.open(an_opening(event, {ANNA: HELD}))
    await stored.reopen(an_opening(event))
    steps = await _steps(pool)
    assert ("judged: hold", HELD.reason) in steps
    assert ("judged: push", None) in steps
