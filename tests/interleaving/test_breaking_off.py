"""A process that ends before any statement of a transaction, or before its COMMIT, leaves everything as it was (I3)."""

import asyncio
from contextlib import suppress
from typing import Any, cast

import pytest

from notifier.postgres.pool import Pool
from tests.interleaving.acts import (
    Act,
    accept,
    claim,
    doubt,
    end_due,
    expire,
    fail_first,
    forbid,
    judge_held,
    open_newer,
    prepare,
    read,
)
from tests.interleaving.ground import Ground
from tests.interleaving.stepping import Stepper
from tests.interleaving.truths import forget_all
from tests.ledger.postgres_backend import PostgresBackend

ACTS = [open_newer, read, accept, doubt, fail_first, claim, forbid, judge_held, end_due, expire]
_KEPT = ("intake_position", "gate", "matter", "reader", "event", "notice", "delivery", "badge", "quiet_push", "outbox")
_MOST_STATEMENTS = 40


async def photograph(pool: Pool) -> dict[str, Any]:
    """Give every row of every table of the path."""
    return {name: sorted(await pool.fetch(f"select t::text from {name} t"), key=str) for name in _KEPT}


@pytest.mark.holds("I1", "I3")
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
async def test_what_is_broken_off_never_happened(ground: Ground, act: Act) -> None:
    for pause_at in range(_MOST_STATEMENTS):
        await forget_all(ground.pool)
        story = await prepare(ground.scenes[0], ground.next_number())
        before = await photograph(ground.pool)
        stepper = Stepper(ground.pool, pause_at)
        scene = ground.scenes[1]
        place = scene.next_offset
        scene.backend = PostgresBackend(cast("Pool", stepper))
        task = asyncio.create_task(act(scene, story))
        pausing = asyncio.create_task(stepper.paused.wait())
        await asyncio.wait([task, pausing], return_when=asyncio.FIRST_COMPLETED)
        pausing.cancel()
        if not stepper.paused.is_set():
            await task
            return
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        scene.next_offset = place
        after = await photograph(ground.pool)
        assert [name for name in _KEPT if before[name] != after[name]] == [], f"before statement {pause_at + 1}"
    pytest.fail("it never came to its end")
