"""Leases: who may attempt a delivery, for how long, and what is judged again (DESIGN 3, B12, A29)."""

from datetime import timedelta

import pytest

from notifier.domain.events import MarkKind
from notifier.domain.reasons import Reason
from tests.ledger.cast import ANNA, LANE, NOW
from tests.ledger.parts import a_mark, an_event, an_opening
from tests.ledger.scene import Scene, due_of, later

EVENT = an_event("e1")


@pytest.mark.holds("I3")
async def test_what_is_born_without_a_place_in_a_lane_is_claimable_at_once(scene: Scene) -> None:
    opened = await scene.open(an_opening(EVENT, leased=False))
    assert opened.due == ()
    claimed = await scene.claim()
    assert [(one.device, one.lease, one.badge.unread, one.event.id) for one in claimed] == [
        (11, 1, 1, "e1"),
        (12, 1, 1, "e1"),
    ]


@pytest.mark.holds("I3")
async def test_two_holders_never_hold_the_same(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, leased=False))
    first = await scene.claim(most=1)
    second = await scene.claim(most=5)
    assert sorted(one.device for one in (*first, *second)) == [11, 12]
    assert await scene.claim() == []


@pytest.mark.holds("I3")
async def test_a_lease_that_ends_lets_another_take_it_with_a_higher_number(scene: Scene) -> None:
    await scene.open(an_opening(EVENT))
    assert await scene.claim() == []
    await scene.backend.let_pass(timedelta(seconds=61))
    assert [one.lease for one in await scene.claim()] == [1, 1]
    await scene.backend.let_pass(timedelta(seconds=61))
    assert [one.lease for one in await scene.claim()] == [2, 2]


@pytest.mark.holds("A29", "I3")
async def test_a_holder_that_vanished_may_have_shown_it_so_the_next_is_quiet_after_a_minute(scene: Scene) -> None:
    await scene.open(an_opening(EVENT))
    await scene.backend.let_pass(timedelta(seconds=61))
    assert [one.quiet for one in await scene.claim()] == [True, True]


@pytest.mark.holds("A29", "I3")
async def test_an_attempt_without_an_answer_is_repeated_loud_within_the_minute_and_quiet_after(scene: Scene) -> None:
    due = (await scene.open(an_opening(EVENT))).due
    await scene.record(later(1, unsure=True), *due)
    await scene.backend.let_pass(timedelta(seconds=2))
    again = await scene.claim()
    assert [one.quiet for one in again] == [False, False]
    await scene.record(later(70), *(due_of(one) for one in again))
    await scene.backend.let_pass(timedelta(seconds=71))
    assert [one.quiet for one in await scene.claim()] == [True, True]


@pytest.mark.holds("A29")
async def test_one_that_was_surely_not_sent_is_loud_however_late(scene: Scene) -> None:
    due = (await scene.open(an_opening(EVENT))).due
    await scene.record(later(70), *due)
    await scene.backend.let_pass(timedelta(seconds=71))
    assert [one.quiet for one in await scene.claim()] == [False, False]


@pytest.mark.holds("I7", "B12", "A8")
async def test_what_is_judged_doubtful_waits_and_was_not_attempted(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, leased=False))
    await scene.claim_and_judge(hold=True)
    assert await scene.claim() == []
    await scene.backend.let_pass(timedelta(seconds=11))
    assert [(one.attempts, one.quiet) for one in await scene.claim()] == [(0, False), (0, False)]


@pytest.mark.holds("B12", "B6")
async def test_what_is_judged_forbidden_ends_and_its_event_with_it(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, leased=False))
    await scene.claim_and_judge(stop=Reason.MUTED)
    assert set((await scene.backend.deliveries(EVENT.key)).values()) == {("cancelled", "muted")}
    assert await scene.backend.end_of(EVENT.key) == "unreachable"


@pytest.mark.holds("I3")
async def test_a_claim_that_fails_leaves_everything_as_it_was(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, leased=False))

    async def break_off() -> None:
        async with scene.backend.waiting.claim(LANE, 10, NOW) as claim:
            await claim.settle([], [], NOW)
            raise LookupError

    with pytest.raises(LookupError):
        await break_off()
    assert [one.lease for one in await scene.claim()] == [1, 1]


@pytest.mark.holds("A30", "B12")
async def test_a_tightening_ends_what_waits_and_hastens_the_end(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, leased=False))
    await scene.backend.forbid(ANNA, ANNA, Reason.DECEASED, NOW)
    assert await scene.claim() == []
    assert (await scene.backend.badge(ANNA))[0] == 0
    assert set((await scene.backend.deliveries(EVENT.key)).values()) == {("cancelled", "deceased")}
    assert await scene.backend.holdings.end_due(NOW) == 1
    assert await scene.backend.end_of(EVENT.key) == "unreachable"


@pytest.mark.holds("R2", "I9")
async def test_what_was_handled_is_claimed_by_nobody(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, leased=False), a_mark("k1", MarkKind.ACTED, 1))
    assert await scene.claim() == []


@pytest.mark.holds("I8", "A25")
async def test_an_outage_ends_in_deliveries_that_expire(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, leased=False))
    assert await scene.backend.waiting.expire(NOW + timedelta(days=6)) == 0
    assert await scene.backend.waiting.expire(NOW + timedelta(days=7)) == 2
    assert await scene.backend.end_of(EVENT.key) == "unreachable"
