"""Who has nothing but phones that a brake parks is waited for, until people have looked or its time is over (A20)."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest

from notifier.dispatch.batches import Due
from notifier.dispatch.claims import Claimed, Postponed, Stopped
from notifier.dispatch.deletions import Ending
from notifier.dispatch.feeder import Judged, judge_again
from notifier.domain.people import Person
from notifier.domain.reasons import HoldReason, Reason
from notifier.postgres.deletions import end_brake
from notifier.postgres.pool import Pool
from tests.domain.cast import around
from tests.ledger.cast import ANNA, BERTIL, LANE, NOW, a_push, lookup_of
from tests.ledger.lanes import Phones
from tests.ledger.parts import an_event, an_opening
from tests.ledger.postgres_backend import PostgresBackend
from tests.ledger.scene import GONE, TOPIC, Scene

EVENT = an_event("e1")
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def scene(pool: Pool) -> Scene:
    """Lend a ledger over PostgreSQL alone."""
    backend = PostgresBackend(pool)
    await backend.settle_in(TOPIC)
    return Scene(backend)


@pytest.fixture
async def phones(scene: Scene, pool: Pool) -> Phones:
    """Lend the lane, its brake closed by the phones of others."""
    lane = Phones(pool)
    await lane.arrive(60)
    await lane.answer(gone=range(60))
    return lane


async def subject(scene: Scene) -> Person:
    return (await scene.backend.directory.audience_of([lookup_of(ANNA)], NOW))[lookup_of(ANNA)].subject


async def judge(scene: Scene, claimed: Sequence[Claimed]) -> list[Judged]:
    audience = (await scene.backend.directory.audience_of([lookup_of(ANNA)], NOW))[lookup_of(ANNA)]
    return [judge_again(one, audience, around(NOW), 0.0) for one in claimed]


@pytest.mark.holds("A20", "R13")
@pytest.mark.usefixtures("phones")
async def test_one_of_two_phones_is_lost_and_the_last_one_waits(scene: Scene) -> None:
    first, second = (await scene.open(an_opening(EVENT))).due
    await scene.record(GONE, first)
    assert (await scene.backend.deliveries(EVENT.key))[11] == ("failed", "device_gone")
    assert (await subject(scene)).parked_trusted_at is not None
    assert await scene.record(GONE, second) == {}
    assert (await scene.backend.deliveries(EVENT.key))[12] == ("waiting", None)
    assert await scene.backend.end_of(EVENT.key) is None


@pytest.mark.holds("A20", "R13")
@pytest.mark.parametrize(("ending", "kind"), [(None, Postponed), (Ending.RELEASED, Due), (Ending.FORGOTTEN, Stopped)])
async def test_what_waits_is_judged_by_what_people_say(
    scene: Scene, phones: Phones, ending: Ending | None, kind: type
) -> None:
    await scene.record(GONE, *(await scene.open(an_opening(EVENT))).due)
    await scene.backend.let_pass(2 * MINUTE)
    if ending is not None:
        await end_brake(phones.pool, LANE, ending, "anna", None, NOW)
        await phones.settle()
    judged = await judge(scene, await scene.claim())
    assert {type(one) for one in judged} == {kind}
    reasons = {one.reason for one in judged if isinstance(one, Postponed | Stopped)}
    assert reasons <= {HoldReason.DEVICES_PARKED, Reason.NO_DEVICE}


@pytest.mark.holds("A20", "I8")
@pytest.mark.usefixtures("phones")
async def test_what_waits_is_looked_at_once_a_minute_however_much_it_is(scene: Scene) -> None:
    await scene.record(GONE, *(await scene.open(an_opening(EVENT))).due)
    await scene.backend.let_pass(2 * MINUTE)
    async with scene.backend.waiting.claim(LANE, 100, NOW) as claim:
        held = [Postponed(claimed=one, reason=HoldReason.DEVICES_PARKED) for one in claim.claimed]
        await claim.settle(held, [], NOW)
    assert len(held) == 2
    await scene.backend.let_pass(0.9 * MINUTE)
    assert await scene.claim() == []
    await scene.backend.let_pass(0.2 * MINUTE)
    assert len(await scene.claim()) == 2


@pytest.mark.holds("A20", "A25")
@pytest.mark.usefixtures("phones")
async def test_what_nobody_looked_at_in_time_ends_unreachable(scene: Scene) -> None:
    await scene.record(GONE, *(await scene.open(an_opening(EVENT))).due)
    await scene.backend.let_pass(2 * MINUTE)
    assert await scene.backend.waiting.expire(NOW + timedelta(days=8)) == 2
    assert await scene.backend.end_of(EVENT.key) == "unreachable"


@pytest.mark.holds("A20")
@pytest.mark.usefixtures("phones")
async def test_a_phone_that_is_gone_in_another_lane_waits_for_nothing(scene: Scene, pool: Pool) -> None:
    await pool.execute("update device set lane = 'apns:sandbox:se.1177.app' where id = 21")
    (due,) = (await scene.open(an_opening(an_event("e2", subject=BERTIL), {BERTIL: a_push(BERTIL)}))).due
    due = due_of_lane(due, "apns:sandbox:se.1177.app")
    assert await scene.record(GONE, due) == {"unreachable": 1}


def due_of_lane(due: Due, lane: str) -> Due:
    return msgspec.structs.replace(due, delivery=msgspec.structs.replace(due.delivery, lane=lane))
