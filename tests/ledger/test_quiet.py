"""Silent work owed to phones: coalesced, newest badge, a budget of removals (R2, R14, A30, TRAPS)."""

from datetime import timedelta

import pytest

from notifier.domain.events import MarkKind
from notifier.domain.reasons import Reason
from tests.ledger.cast import ANNA, NOW
from tests.ledger.parts import a_mark, an_event, an_opening
from tests.ledger.scene import GONE, Scene


async def read_one(scene: Scene, number: int) -> bytes:
    """Open a matter and read it; give what its push was shown as."""
    matter = f"m{number}"
    opened = await scene.open(an_opening(an_event(f"e{number}", matter=matter)))
    await scene.accept(*opened.due)
    await scene.open(a_mark(f"k{number}", MarkKind.READ, 1, matter=matter))
    return opened.due[0].delivery.collapse_id


@pytest.mark.holds("R2", "R14")
async def test_a_read_matter_is_taken_off_every_phone_with_the_badge(scene: Scene) -> None:
    shown = await read_one(scene, 1)
    owed = await scene.owed()
    assert [(one.device, one.badge.unread, one.with_badge, one.removals, one.urgent) for one in owed] == [
        (11, 0, True, (shown,), False),
        (12, 0, True, (shown,), False),
    ]
    await scene.pay(*owed)
    await scene.backend.let_pass(timedelta(minutes=5))
    assert await scene.owed() == []


@pytest.mark.holds("R14")
async def test_several_are_coalesced_to_one_row_a_phone_with_the_newest_badge(scene: Scene) -> None:
    first = await read_one(scene, 1)
    second = await read_one(scene, 2)
    await scene.open(an_opening(an_event("e3", matter="m3")))
    owed = await scene.owed()
    assert [(one.device, one.badge.unread) for one in owed] == [(11, 1), (12, 1)]
    assert set(owed[0].removals) == {first, second}


@pytest.mark.holds("R14")
async def test_what_comes_while_it_is_being_sent_waits_for_its_end_and_is_not_forgotten(scene: Scene) -> None:
    await read_one(scene, 1)
    owed = await scene.owed()
    second = await read_one(scene, 2)
    assert await scene.owed() == []
    await scene.pay(*owed)
    assert {second} <= set((await scene.owed())[0].removals)


@pytest.mark.holds("R14")
async def test_a_badge_that_moved_while_an_older_was_being_sent_is_sent_again(scene: Scene) -> None:
    await read_one(scene, 1)
    owed = await scene.owed()
    await scene.open(an_opening(an_event("e2", matter="m2")))
    await scene.pay(*owed)
    await scene.backend.let_pass(timedelta(seconds=2))
    assert [(one.device, one.badge.unread, one.removals) for one in await scene.owed()] == [(11, 1, ()), (12, 1, ())]


@pytest.mark.holds("R14", "I3")
async def test_so_is_one_that_a_holder_of_an_ended_lease_has_sent_late(scene: Scene) -> None:
    await read_one(scene, 1)
    late = await scene.owed()
    await scene.open(an_opening(an_event("e2", matter="m2")))
    await scene.backend.let_pass(timedelta(seconds=61))
    await scene.pay(*await scene.owed())
    await scene.pay(*late)
    await scene.backend.let_pass(timedelta(seconds=2))
    assert [(one.device, one.badge.unread) for one in await scene.owed()] == [(11, 1), (12, 1)]


@pytest.mark.holds("R14", "I3")
@pytest.mark.parametrize("removal", [False, True])
async def test_who_holds_an_ended_lease_says_nothing_of_what_another_is_sending(scene: Scene, removal: bool) -> None:
    await read_one(scene, 1)
    late = await scene.owed()
    await scene.backend.let_pass(timedelta(seconds=61))
    current = await scene.owed()
    await scene.pay(*late, removal=removal)
    assert await scene.owed() == []
    await scene.backend.let_pass(timedelta(seconds=61))
    assert [one.device for one in await scene.owed()] == [one.device for one in current] == [11, 12]


@pytest.mark.holds("R14")
async def test_a_process_that_ends_while_paying_leaves_it_to_the_next(scene: Scene) -> None:
    await read_one(scene, 1)
    assert len(await scene.owed()) == 2
    assert await scene.owed() == []
    await scene.backend.let_pass(timedelta(seconds=61))
    assert len(await scene.owed()) == 2


@pytest.mark.holds("R2", "A31")
async def test_what_could_not_be_done_waits_and_only_the_rest_is_owed(scene: Scene) -> None:
    shown = await read_one(scene, 1)
    await scene.pay(*await scene.owed(), removal=False, wait=timedelta(minutes=30))
    assert await scene.owed() == []
    await scene.backend.let_pass(timedelta(minutes=31))
    assert [(one.with_badge, one.removals, one.attempts) for one in await scene.owed()] == [
        (False, (shown,), 1),
        (False, (shown,), 1),
    ]


@pytest.mark.holds("A30")
async def test_removals_are_counted_for_an_hour(scene: Scene) -> None:
    for number in (1, 2):
        await read_one(scene, number)
        await scene.pay(*await scene.owed())
    await read_one(scene, 3)
    owed = await scene.owed()
    assert [one.removed for one in owed] == [2, 2]
    await scene.pay(*owed, removal=False)
    await scene.backend.let_pass(timedelta(minutes=61))
    assert [one.removed for one in await scene.owed()] == [0, 0]


@pytest.mark.holds("A30", "B12")
async def test_what_is_forbidden_is_removed_urgently(scene: Scene) -> None:
    opened = await scene.open(an_opening(an_event("e1")))
    await scene.accept(*opened.due)
    await scene.backend.forbid(ANNA, ANNA, Reason.PROTECTED, NOW)
    owed = await scene.owed()
    assert [(one.device, one.urgent, one.badge.unread) for one in owed] == [(11, True, 0), (12, True, 0)]


@pytest.mark.holds("A31", "A20")
async def test_a_parked_phone_is_owed_nothing_more(scene: Scene) -> None:
    opened = await scene.open(an_opening(an_event("e1")))
    await scene.record(GONE, opened.due[0])
    await scene.accept(opened.due[1])
    await scene.open(a_mark("k1", MarkKind.READ, 1))
    assert [one.device for one in await scene.owed()] == [12]
