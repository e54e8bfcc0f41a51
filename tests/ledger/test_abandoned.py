"""Deliveries that ended in the hands of a process which died: they may be shown, and nobody else will say so."""

import asyncio
from datetime import timedelta

import pytest

from notifier.dispatch.batches import Due
from notifier.domain.events import MarkKind
from notifier.domain.reasons import Reason
from notifier.domain.settlements import Settlement
from tests.ledger.cast import ANNA, GRACE, LEASE, NOW
from tests.ledger.parts import a_mark, an_event, an_opening
from tests.ledger.scene import REFUSED, Scene, due_of, later

EVENT = an_event("e1")
LONG_OVER = LEASE + GRACE + timedelta(seconds=1)


async def open_and_read(scene: Scene) -> tuple[Due, ...]:
    """Open an event, and have it read while a lane holds its deliveries; what the mark owes is done."""
    due = (await scene.open(an_opening(EVENT))).due
    await scene.open(a_mark("k1", MarkKind.READ, 1))
    await scene.pay(*await scene.owed())
    return due


async def removed(scene: Scene) -> dict[int, tuple[set[bytes], bool]]:
    """Give what each phone is to take away, and whether at once."""
    return {int(one.device): (set(one.removals), one.urgent) for one in await scene.owed() if one.removals}


@pytest.mark.holds("R2", "I3")
async def test_what_was_read_in_the_hands_of_a_dead_process_is_removed_once(scene: Scene) -> None:
    due = await open_and_read(scene)
    await scene.backend.let_pass(LONG_OVER)
    assert await scene.backend.mendings.mend_abandoned(NOW) == 2
    owed = await scene.owed()
    assert [(one.device, set(one.removals), one.urgent, one.with_badge) for one in owed] == [
        (11, {due[0].delivery.collapse_id}, False, True),
        (12, {due[0].delivery.collapse_id}, False, True),
    ]
    await scene.pay(*owed)
    assert await scene.backend.mendings.mend_abandoned(NOW) == 0
    assert await scene.owed() == []
    assert (await scene.backend.deliveries(EVENT.key))[11] == ("cancelled", "already_handled")


@pytest.mark.holds("I3")
async def test_who_may_still_be_alive_is_waited_for(scene: Scene) -> None:
    await open_and_read(scene)
    await scene.backend.let_pass(LEASE + GRACE - timedelta(seconds=2))
    assert await scene.backend.mendings.mend_abandoned(NOW) == 0
    assert await scene.owed() == []
    await scene.backend.let_pass(timedelta(seconds=3))
    assert await scene.backend.mendings.mend_abandoned(NOW) == 2


@pytest.mark.holds("R2", "A28")
async def test_what_its_matter_shows_again_is_kept_and_not_asked_for_again(scene: Scene) -> None:
    await open_and_read(scene)
    await scene.accept(*(await scene.open(an_opening(an_event("e2", at=2)))).due)
    await scene.backend.let_pass(LONG_OVER)
    assert await scene.backend.mendings.mend_abandoned(NOW) == 2
    assert await removed(scene) == {}
    await scene.open(a_mark("k2", MarkKind.READ, 3))
    await scene.pay(*await scene.owed())
    assert await scene.backend.mendings.mend_abandoned(NOW) == 0
    assert await removed(scene) == {}


@pytest.mark.holds("R2", "A23")
async def test_what_a_newer_event_replaced_goes_when_the_matter_was_read(scene: Scene) -> None:
    older = (await scene.open(an_opening(EVENT))).due
    await scene.accept(*(await scene.open(an_opening(an_event("e2", at=1)))).due)
    await scene.open(a_mark("k1", MarkKind.READ, 2))
    await scene.pay(*await scene.owed())
    await scene.backend.let_pass(LONG_OVER)
    assert await scene.backend.mendings.mend_abandoned(NOW) == 2
    shown = {older[0].delivery.collapse_id}
    assert await removed(scene) == {11: (shown, False), 12: (shown, False)}


@pytest.mark.holds("A23", "I3")
async def test_what_was_replaced_within_its_batch_was_in_nobodys_hands(scene: Scene) -> None:
    newer = (await scene.open(an_opening(EVENT), an_opening(an_event("e2", at=1)))).due
    await scene.accept(*newer)
    await scene.backend.let_pass(LONG_OVER)
    assert await scene.backend.mendings.mend_abandoned(NOW) == 0


@pytest.mark.holds("A30", "R8")
async def test_what_is_forbidden_goes_at_once(scene: Scene) -> None:
    due = (await scene.open(an_opening(EVENT))).due
    await scene.backend.forbid(ANNA, ANNA, Reason.PROTECTED, due[0].opened_at)
    await scene.pay(*await scene.owed())
    await scene.backend.let_pass(LONG_OVER)
    assert await scene.backend.mendings.mend_abandoned(NOW) == 2
    shown = {due[0].delivery.collapse_id}
    assert await removed(scene) == {11: (shown, True), 12: (shown, True)}


@pytest.mark.holds("I8", "I3")
async def test_so_does_what_expired_after_its_holder_died(scene: Scene) -> None:
    due = (await scene.open(an_opening(EVENT))).due
    await scene.backend.let_pass(LONG_OVER)
    assert await scene.backend.waiting.expire(NOW + timedelta(days=7)) == 2
    assert await scene.backend.mendings.mend_abandoned(NOW) == 2
    assert set(await removed(scene)) == {11, 12}
    assert (await scene.backend.deliveries(EVENT.key))[due[0].device] == ("expired", "expired")


@pytest.mark.holds("I8", "I3", "R2")
async def test_so_does_what_the_next_holder_found_expired(scene: Scene) -> None:
    due = (await scene.open(an_opening(EVENT))).due
    await scene.backend.let_pass(LONG_OVER)
    assert len(await scene.claim_and_judge(stop=Reason.EXPIRED)) == 2
    await scene.backend.let_pass(LONG_OVER)
    assert await scene.backend.mendings.mend_abandoned(NOW) == 2
    assert await removed(scene) == {device: ({due[0].delivery.collapse_id}, False) for device in (11, 12)}


@pytest.mark.holds("I8")
async def test_what_nobody_had_tried_and_was_found_expired_was_not_shown(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, leased=False))
    assert len(await scene.claim_and_judge(stop=Reason.EXPIRED)) == 2
    await scene.backend.let_pass(LONG_OVER)
    assert await scene.backend.mendings.mend_abandoned(NOW) == 0


@pytest.mark.holds("R2", "A28")
async def test_what_was_given_up_and_shows_late_stays_while_it_is_unread(scene: Scene) -> None:
    """Another phone may show the same, and nobody has read it."""
    due = (await scene.open(an_opening(EVENT))).due
    await scene.record(REFUSED, *(one for one in due if one.device == 11))
    await scene.accept(*due)
    assert await removed(scene) == {}


@pytest.mark.holds("I8")
async def test_what_expired_in_nobodys_hands_was_not_shown(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, leased=False))
    assert await scene.backend.waiting.expire(NOW + timedelta(days=7)) == 2
    await scene.backend.let_pass(LONG_OVER)
    assert await scene.backend.mendings.mend_abandoned(NOW) == 0


@pytest.mark.holds("I3", "R2")
@pytest.mark.parametrize("said", [None, later(5), REFUSED], ids=["given back", "not taken", "refused"])
async def test_what_its_lane_did_not_send_owes_nothing(scene: Scene, said: Settlement | None) -> None:
    await scene.record(said, *await open_and_read(scene))
    await scene.backend.let_pass(LONG_OVER)
    assert await scene.backend.mendings.mend_abandoned(NOW) == 0
    assert await scene.owed() == []


@pytest.mark.holds("I3", "R2")
async def test_what_its_lane_doubts_is_owed_by_its_word_and_not_again(scene: Scene) -> None:
    await scene.record(later(5, unsure=True), *await open_and_read(scene))
    assert set(await removed(scene)) == {11, 12}
    await scene.backend.let_pass(LONG_OVER)
    assert await scene.backend.mendings.mend_abandoned(NOW) == 0


@pytest.mark.holds("I3")
async def test_what_a_batch_opened_whose_reply_was_lost_was_in_no_lane(scene: Scene) -> None:
    batch = scene.batch(an_opening(EVENT))
    await scene.try_open(batch)
    scene.next_offset = batch.spans[0].next_offset
    await scene.open(a_mark("k1", MarkKind.READ, 1))
    await scene.backend.ledger.release_events(batch, [EVENT.key])
    await scene.backend.let_pass(LONG_OVER)
    assert await scene.backend.mendings.mend_abandoned(NOW) == 0


@pytest.mark.holds("I3", "I9")
async def test_what_waits_or_was_accepted_is_left_alone(scene: Scene) -> None:
    first, _ = (await scene.open(an_opening(EVENT))).due
    await scene.accept(first)
    await scene.backend.let_pass(LONG_OVER)
    assert await scene.backend.mendings.mend_abandoned(NOW) == 0
    assert await scene.backend.deliveries(EVENT.key) == {11: ("accepted", None), 12: ("waiting", None)}
    assert [(one.device, one.quiet) for one in await scene.claim()] == [(12, True)]


@pytest.mark.holds("R2", "I3")
@pytest.mark.parametrize("old", ["accepted", "not taken"])
async def test_who_held_an_older_lease_does_not_speak_for_the_newest(scene: Scene, old: str) -> None:
    due = (await scene.open(an_opening(EVENT))).due
    await scene.backend.let_pass(LEASE + timedelta(seconds=1))
    await scene.claim()
    await scene.open(a_mark("k1", MarkKind.READ, 1))
    await (scene.accept(*due) if old == "accepted" else scene.record(later(), *due))
    await scene.pay(*await scene.owed())
    await scene.backend.let_pass(LONG_OVER)
    assert await scene.backend.mendings.mend_abandoned(NOW) == 2
    assert set(await removed(scene)) == {11, 12}


@pytest.mark.holds("R2", "I9")
async def test_who_was_alive_after_all_owes_it_again(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, leased=False))
    held = [due_of(one) for one in await scene.claim()]
    await scene.open(a_mark("k1", MarkKind.READ, 1))
    await scene.backend.let_pass(LONG_OVER)
    assert await scene.backend.mendings.mend_abandoned(NOW) == 2
    await scene.pay(*await scene.owed())
    await scene.accept(*held)
    assert set(await removed(scene)) == {11, 12}
    assert await scene.backend.mendings.mend_abandoned(NOW) == 0


@pytest.mark.holds("I3")
async def test_several_sweepers_take_each_once_and_never_deadlock(scene: Scene) -> None:
    names = [f"m{number}" for number in range(30)]
    await scene.open(*(an_opening(an_event(name, matter=name)) for name in names))
    await scene.open(*(a_mark(f"k{name}", MarkKind.READ, 1, matter=name) for name in names))
    await scene.pay(*await scene.owed())
    await scene.backend.let_pass(LONG_OVER)

    async def sweep() -> int:
        taken = 0
        while found := await scene.backend.mendings.mend_abandoned(NOW, 7):
            taken += found
        return taken

    async with asyncio.timeout(20):
        assert sum(await asyncio.gather(*(sweep() for _ in range(4)))) == 60
    assert {phone: len(shown) for phone, (shown, _) in (await removed(scene)).items()} == {11: 30, 12: 30}
    assert await sweep() == 0
