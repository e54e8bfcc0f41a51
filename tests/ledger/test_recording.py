"""Step 7 of the path: each settlement, and what comes of it."""

from datetime import timedelta

import pytest

from notifier.dispatch.batches import Badge
from notifier.domain.events import MarkKind
from notifier.domain.pushes import TokenGone
from notifier.domain.reasons import Reason
from notifier.domain.settlements import Done, Failed
from tests.ledger.cast import ANNA, NOW
from tests.ledger.parts import a_mark, an_event, an_opening
from tests.ledger.scene import GONE, REFUSED, Scene, due_of, later

EVENT = an_event("e1")


@pytest.mark.holds("B6", "I9")
async def test_the_first_acceptance_tells_the_publisher_and_the_second_says_nothing(scene: Scene) -> None:
    first, second = (await scene.open(an_opening(EVENT))).due
    await scene.accept(first)
    await scene.accept(second)
    assert await scene.backend.states("e1") == ["accepted", "pushed"]
    assert await scene.backend.end_of(EVENT.key) is None
    assert set((await scene.backend.deliveries(EVENT.key)).values()) == {("accepted", None)}


@pytest.mark.holds("B6", "A25")
async def test_when_the_last_phone_is_lost_nobody_was_told(scene: Scene) -> None:
    first, second = (await scene.open(an_opening(EVENT))).due
    assert await scene.record(REFUSED, first) == {}
    assert await scene.record(REFUSED, second) == {"unreachable": 1}
    assert await scene.backend.states("e1") == ["accepted", "unreachable"]


@pytest.mark.holds("A25", "I9")
async def test_a_failure_after_somebody_was_told_ends_nothing(scene: Scene) -> None:
    first, second = (await scene.open(an_opening(EVENT))).due
    await scene.accept(first)
    await scene.record(REFUSED, second)
    assert await scene.backend.end_of(EVENT.key) is None


@pytest.mark.holds("A31", "R17")
async def test_a_phone_that_is_gone_is_parked_and_nothing_else_is(scene: Scene) -> None:
    first, _ = (await scene.open(an_opening(EVENT))).due
    await scene.record(GONE, first)
    assert await scene.backend.parked() == {11}
    assert (await scene.backend.deliveries(EVENT.key))[11] == ("failed", "device_gone")


@pytest.mark.holds("A31", "R17")
async def test_a_phone_is_gone_only_if_it_was_registered_before_the_instant_that_apple_names(scene: Scene) -> None:
    registered_at = NOW - timedelta(days=100)
    first, second = (await scene.open(an_opening(EVENT))).due
    before = Failed(reason=Reason.DEVICE_GONE, gone=TokenGone(since=registered_at - timedelta(milliseconds=1)))
    since = Failed(reason=Reason.DEVICE_GONE, gone=TokenGone(since=registered_at))

    await scene.record(before, first)
    await scene.record(since, second)

    assert await scene.backend.parked() == {12}


@pytest.mark.holds("A31")
async def test_what_was_not_taken_waits_and_is_claimed_after_its_wait(scene: Scene) -> None:
    due = (await scene.open(an_opening(EVENT))).due
    await scene.record(later(5), *due)
    assert await scene.claim() == []
    await scene.backend.let_pass(timedelta(seconds=6))
    claimed = await scene.claim()
    assert [(one.device, one.lease, one.attempts) for one in claimed] == [(11, 1, 1), (12, 1, 1)]


@pytest.mark.holds("I9")
async def test_a_postponement_under_an_old_lease_is_ignored_and_an_acceptance_is_not(scene: Scene) -> None:
    due = (await scene.open(an_opening(EVENT))).due
    await scene.backend.let_pass(timedelta(seconds=61))
    claimed = await scene.claim()
    await scene.record(later(0), *due)
    assert await scene.claim() == []
    await scene.accept(*due)
    await scene.record(REFUSED, *(due_of(one) for one in claimed))
    assert set((await scene.backend.deliveries(EVENT.key)).values()) == {("accepted", None)}


@pytest.mark.holds("I3")
async def test_what_was_given_back_is_claimable_at_once_and_counts_no_attempt(scene: Scene) -> None:
    due = (await scene.open(an_opening(EVENT))).due
    await scene.record(None, *due)
    await scene.backend.let_pass(timedelta(seconds=90))
    assert [(one.attempts, one.quiet) for one in await scene.claim()] == [(0, False), (0, False)]


@pytest.mark.holds("R2", "I9", "A25")
async def test_a_push_that_shows_after_its_matter_was_read_is_removed_again(scene: Scene) -> None:
    due = (await scene.open(an_opening(EVENT))).due
    await scene.open(a_mark("k1", MarkKind.READ, 1))
    await scene.pay(*await scene.owed())
    await scene.accept(due[0])
    owed = {one.device: one.removals for one in await scene.owed()}
    assert owed[11] == (due[0].delivery.collapse_id,)
    assert (await scene.backend.deliveries(EVENT.key))[11] == ("cancelled", "already_handled")
    assert await scene.backend.states("e1") == ["accepted", "seen"]


@pytest.mark.holds("R2", "A28")
async def test_so_is_one_that_a_newer_event_replaced_before_the_matter_was_read(scene: Scene) -> None:
    older = (await scene.open(an_opening(EVENT))).due
    newer = (await scene.open(an_opening(an_event("e2")))).due
    await scene.accept(*newer)
    await scene.open(a_mark("k1", MarkKind.READ, 1))
    await scene.pay(*await scene.owed())
    await scene.accept(older[0])
    assert {one.device: one.removals for one in await scene.owed()}[11] == (older[0].delivery.collapse_id,)


@pytest.mark.holds("R2", "A28")
async def test_but_not_while_the_matter_is_unread_again(scene: Scene) -> None:
    older = (await scene.open(an_opening(EVENT))).due
    await scene.open(a_mark("k1", MarkKind.READ, 1))
    await scene.pay(*await scene.owed())
    newer = (await scene.open(an_opening(an_event("e2", at=2)))).due
    await scene.accept(*newer, *older)
    await scene.backend.let_pass(timedelta(seconds=2))
    assert [one.removals for one in await scene.owed()] in ([], [()] * 2)


@pytest.mark.holds("R2", "R14")
async def test_so_is_one_of_which_nobody_knows_whether_it_showed(scene: Scene) -> None:
    due = (await scene.open(an_opening(EVENT))).due
    await scene.open(a_mark("k1", MarkKind.READ, 1))
    await scene.pay(*await scene.owed())
    await scene.record(later(5, unsure=True), due[0])
    assert {one.device: one.removals for one in await scene.owed()}[11] == (due[0].delivery.collapse_id,)


@pytest.mark.holds("A30")
async def test_what_was_forbidden_meanwhile_is_removed_outside_the_budget(scene: Scene) -> None:
    due = (await scene.open(an_opening(EVENT))).due
    await scene.backend.forbid(ANNA, ANNA, Reason.PROTECTED, due[0].opened_at)
    await scene.pay(*await scene.owed())
    await scene.accept(due[0])
    assert [(one.device, one.urgent) for one in await scene.owed() if one.device == 11] == [(11, True)]


@pytest.mark.holds("R14")
async def test_a_phone_that_got_an_older_badge_is_owed_the_newest(scene: Scene) -> None:
    (first, _) = (await scene.open(an_opening(EVENT))).due
    await scene.open(an_opening(an_event("e2", matter="n")))
    await scene.record(Done(), first, badge=Badge(unread=1, version=1))
    await scene.backend.let_pass(timedelta(seconds=2))
    assert [(one.device, one.with_badge, one.badge.unread) for one in await scene.owed()] == [(11, True, 2)]


@pytest.mark.holds("A25", "I8")
async def test_a_delivery_past_its_time_ends_as_expired_and_its_event_unreachable(scene: Scene) -> None:
    due = (await scene.open(an_opening(EVENT))).due
    await scene.record(Failed(reason=Reason.EXPIRED), *due)
    assert set((await scene.backend.deliveries(EVENT.key)).values()) == {("expired", "expired")}
    assert await scene.backend.end_of(EVENT.key) == "unreachable"
