"""The deletion brake over PostgreSQL: a wrong key or environment parks phones and forgets none (R13, A10, A31)."""

import asyncio
from datetime import timedelta

import pytest

from notifier.dispatch.deletions import DeletionsBraked, Ending
from notifier.domain.pushes import Outcome
from notifier.postgres.deletions import end_brake, forget_answers, read_standing
from notifier.postgres.pool import Pool, open_pool
from notifier.postgres.upkeep import Upkeep
from notifier.wire.apns_replies import read_reply as read_apns
from notifier.wire.exchange import Reply
from notifier.wire.fcm_replies import read_reply as read_fcm
from tests.ledger.cast import LANE, NOW
from tests.ledger.lanes import OTHER_LANE, REGISTERED, Phones
from tests.ledger.postgres_backend import BRAKE

MINUTE = timedelta(minutes=1)
WINDOW = 11 * MINUTE
"""After it no minute that was counted stands in the window any more."""


@pytest.fixture
async def phones(pool: Pool) -> Phones:
    lane = Phones(pool)
    await lane.arrive(3000)
    return lane


async def release(phones: Phones, ending: Ending = Ending.RELEASED) -> bool:
    ended = await end_brake(phones.pool, phones.lane, ending, "anna", None, phones.now)
    await phones.settle()
    return ended


@pytest.mark.holds("R13", "A10", "A31")
@pytest.mark.parametrize(
    "outcome",
    [
        read_apns(Reply(status=400, body=b'{"reason":"BadDeviceToken"}')).outcome,
        read_apns(Reply(status=400, body=b'{"reason":"DeviceTokenNotForTopic"}')).outcome,
        read_apns(
            Reply(status=410, body=b'{"reason":"Unregistered","timestamp":%d}' % (NOW.timestamp() * 1000))
        ).outcome,
        read_fcm(Reply(status=403, body=b'{"error":{"details":[{"errorCode":"SENDER_ID_MISMATCH"}]}}'), NOW).outcome,
        read_fcm(
            Reply(status=400, body=b'{"error":{"details":[{"fieldViolations":[{"field":"message.token"}]}]}}'), NOW
        ).outcome,
    ],
    ids=["bad token", "another topic", "gone", "another project", "malformed token"],
)
async def test_a_wrong_environment_parks_every_phone_and_forgets_none(phones: Phones, outcome: Outcome) -> None:
    said = [await phones.answer(gone=range(first, first + 500), outcome=outcome) for first in range(0, 3000, 500)]
    assert said == [(DeletionsBraked(lane=LANE, answers=500, gone=500),), (), (), (), (), ()]
    for _ in range(3):
        phones.wait(WINDOW)
        await phones.settle()
    assert await phones.states() == {"brake": 3000}
    assert (await Upkeep(phones.pool).read(phones.now)).braked == (LANE,)


@pytest.mark.holds("R13", "A10")
async def test_what_was_gone_in_the_window_before_the_brake_is_kept_with_the_others(phones: Phones) -> None:
    assert await phones.answer(gone=range(49)) == ()
    phones.wait(9 * MINUTE)
    await phones.settle()
    assert await phones.states() == {"token_gone": 49, "used": 2951}
    assert await phones.answer(gone=[49]) == (DeletionsBraked(lane=LANE, answers=50, gone=50),)
    await phones.settle()
    assert await phones.states() == {"brake": 50, "used": 2950}


@pytest.mark.holds("R13", "R17", "A31")
async def test_an_ordinary_hundredth_is_parked_at_once_and_forgotten_after_the_window(phones: Phones) -> None:
    for first in range(0, 100, 10):
        assert await phones.answer(accepted=990, gone=range(first, first + 10)) == ()
    await phones.settle()
    assert await phones.states() == {"token_gone": 100, "used": 2900}
    phones.wait(WINDOW)
    await phones.settle()
    assert await phones.states() == {"forgotten": 100, "used": 2900}


@pytest.mark.holds("R13", "A10")
async def test_one_lane_is_braked_and_the_other_goes_on_forgetting(phones: Phones) -> None:
    other = Phones(phones.pool, OTHER_LANE, first=50_000)
    await other.arrive(100)
    await phones.answer(gone=range(100))
    assert await other.answer(accepted=990, gone=range(10)) == ()
    other.wait(WINDOW)
    await other.settle()
    assert await phones.states() == {"brake": 100, "used": 2900}
    assert await other.states() == {"forgotten": 10, "used": 90}


@pytest.mark.holds("R13", "A10")
async def test_who_usually_loses_more_is_braked_at_three_times_the_usual(phones: Phones) -> None:
    await phones.answer(accepted=980, gone=range(20))
    phones.wait(timedelta(hours=1))
    assert await phones.answer(accepted=940, gone=range(100, 160)) == ()
    assert await phones.answer(gone=[160]) != ()


@pytest.mark.holds("R13")
async def test_released_phones_are_used_again_and_their_lane_goes_on(phones: Phones) -> None:
    await phones.pool.execute("insert into badge values (10007, 3, 4)")
    await phones.answer(gone=range(2500))
    assert await release(phones)
    assert await phones.states() == {"used": 3000}
    owed = await phones.pool.fetchval("select with_badge from quiet_push where device = 10007")
    assert owed, "its badge may have moved on while it was parked (R14)"
    assert not await release(phones)
    phones.wait(2 * MINUTE)
    assert await phones.answer(accepted=990, gone=range(10)) == ()
    assert await phones.states() == {"token_gone": 10, "used": 2990}


@pytest.mark.holds("R13")
async def test_a_fault_that_goes_on_after_the_release_brakes_again(phones: Phones) -> None:
    await phones.answer(gone=range(100))
    await release(phones)
    phones.wait(2 * MINUTE)
    assert await phones.answer(gone=range(200, 249)) == ()
    assert await phones.answer(gone=[249]) == (DeletionsBraked(lane=LANE, answers=50, gone=50),)
    phones.wait(WINDOW)
    await phones.settle()
    assert await phones.states() == {"brake": 50, "used": 2950}


@pytest.mark.holds("R13", "A34")
async def test_a_release_counts_from_now_on_though_the_clock_of_the_lane_is_ahead(phones: Phones) -> None:
    await phones.answer(gone=range(100))
    phones.wait(2 * MINUTE)
    await phones.answer(gone=range(100, 200))
    assert await end_brake(phones.pool, LANE, Ending.RELEASED, "anna", None, phones.now - timedelta(days=1))
    assert await phones.answer(gone=[200]) == ()


@pytest.mark.holds("R13")
async def test_what_people_say_is_gone_is_forgotten(phones: Phones) -> None:
    await phones.answer(gone=range(2500))
    assert await release(phones, Ending.FORGOTTEN)
    assert await phones.states() == {"forgotten": 2500, "used": 500}


@pytest.mark.holds("R13", "A10")
@pytest.mark.parametrize(("ending", "mean"), [(Ending.RELEASED, 0.0), (Ending.FORGOTTEN, 0.1)])
async def test_a_fault_is_not_usual_afterwards_and_what_was_true_is(
    phones: Phones, ending: Ending, mean: float
) -> None:
    await phones.answer(accepted=900, gone=range(100))
    await release(phones, ending)
    phones.wait(timedelta(hours=1))
    (standing,) = await read_standing(phones.pool, BRAKE, phones.now)
    assert standing.mean.share == mean


@pytest.mark.holds("R13", "A19")
@pytest.mark.parametrize("forgotten", [True, False])
async def test_a_parked_or_forgotten_phone_that_registers_anew_is_used(phones: Phones, forgotten: bool) -> None:
    await phones.answer(gone=range(100))
    if forgotten:
        await release(phones, Ending.FORGOTTEN)
    phones.wait(MINUTE)
    await phones.register_anew(3)
    await release(phones, Ending.FORGOTTEN)
    assert await phones.states() == {"forgotten": 99, "used": 2901}
    await phones.answer(gone=[3], since=phones.now - timedelta(seconds=1))
    assert await phones.states() == {"forgotten": 99, "used": 2901}


@pytest.mark.holds("R13", "R17")
@pytest.mark.parametrize(("since", "state"), [(timedelta(), "token_gone"), (timedelta(seconds=-1), "used")])
async def test_a_phone_registered_after_its_token_was_gone_stays(phones: Phones, since: timedelta, state: str) -> None:
    await phones.answer(gone=[0], since=REGISTERED + since)
    assert (await phones.states())[state] in (1, 3000)


@pytest.mark.holds("R13")
async def test_a_phone_that_registered_while_the_answer_was_on_its_way_stays(phones: Phones) -> None:
    await phones.pool.execute("update device set registered_at = $1 where id = 10000", phones.now + MINUTE)
    await phones.answer(gone=[0])
    assert await phones.states() == {"used": 3000}


@pytest.mark.holds("R13")
async def test_counting_goes_on_in_another_process(phones: Phones, database: str) -> None:
    await phones.answer(gone=range(30))
    async with open_pool(database, "restarted") as pool:
        again = Phones(pool)
        assert await again.answer(gone=range(30, 50)) == (DeletionsBraked(lane=LANE, answers=50, gone=50),)
    assert await phones.answer(gone=range(50, 60)) == ()
    await phones.settle()
    assert await phones.states() == {"brake": 60, "used": 2940}


@pytest.mark.holds("R13")
async def test_two_processes_side_by_side_close_one_brake_and_page_once(phones: Phones, database: str) -> None:
    async with open_pool(database, "beside") as pool:
        beside = Phones(pool)
        batches = [
            one.answer(accepted=100, gone=range(first, first + 100))
            for first in range(0, 2000, 200)
            for one, first in ((phones, first), (beside, first + 100))
        ]
        said = [fact for came in await asyncio.gather(*batches) for fact in came]
        await asyncio.gather(phones.settle(), beside.settle())
    assert len(said) == 1
    assert await phones.states() == {"brake": 2000, "used": 1000}
    assert await phones.pool.fetchval("select sum(answers) from answer_minute") == 4000
    assert await phones.pool.fetchval("select count(*) from deletion_brake") == 1


@pytest.mark.holds("R13")
async def test_minutes_are_kept_for_as_long_as_a_mean_needs_them(phones: Phones) -> None:
    await phones.answer(accepted=1)
    for days, kept in ((7, 1), (9, 0)):
        await forget_answers(phones.pool, BRAKE, phones.now + timedelta(days=days))
        assert await phones.pool.fetchval("select count(*) from answer_minute") == kept
