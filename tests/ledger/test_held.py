"""Held events judged again, and events whose end is due (A7, A8, A25)."""

from datetime import timedelta

import pytest

from notifier.domain.events import MarkKind
from tests.ledger.cast import ANNA, BERTIL, CHILD, HELD, NOW, SKIPPED, a_push
from tests.ledger.parts import a_mark, an_event, an_opening
from tests.ledger.scene import Scene

EVENT = an_event("e1")
SOON = NOW + timedelta(seconds=11)


@pytest.mark.holds("A7", "A27")
async def test_what_is_held_is_found_when_it_is_due_and_tells_its_publisher(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, {ANNA: HELD}))
    assert await scene.backend.states("e1") == ["accepted", "held"]
    assert await scene.backend.holdings.find_held(NOW, 10) == []
    (held,) = await scene.backend.holdings.find_held(SOON, 10)
    assert (held.event.id, held.notices[ANNA].verdict) == ("e1", "hold")
    assert (await scene.backend.badge(ANNA))[0] == 0


@pytest.mark.holds("A7", "A8", "A24")
async def test_judged_free_it_goes_out_and_counts(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, {ANNA: HELD}))
    (held,) = await scene.backend.holdings.find_held(SOON, 10)
    notices = {ANNA: held.notices[ANNA].id}
    opened = await scene.reopen(an_opening(EVENT, notices=notices), now=SOON)
    assert [due.device for due in opened.due] == [11, 12]
    assert await scene.backend.verdicts(EVENT.key) == {ANNA: ("push", None)}
    assert (await scene.backend.badge(ANNA))[0] == 1
    assert await scene.backend.planned() == 2
    assert await scene.backend.holdings.find_held(SOON + timedelta(days=1), 10) == []


@pytest.mark.holds("A7")
async def test_two_processes_judge_it_once(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, {ANNA: HELD}))
    (held,) = await scene.backend.holdings.find_held(SOON, 10)
    notices = {ANNA: held.notices[ANNA].id}
    assert len((await scene.reopen(an_opening(EVENT, notices=notices), now=SOON)).due) == 2
    assert (await scene.reopen(an_opening(EVENT, notices=notices), now=SOON)).due == ()
    assert await scene.backend.planned() == 2


@pytest.mark.holds("A7", "A8")
async def test_still_doubtful_it_is_due_again_ten_seconds_later(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, {ANNA: HELD}))
    (held,) = await scene.backend.holdings.find_held(SOON, 10)
    await scene.reopen(an_opening(EVENT, {ANNA: HELD}, notices={ANNA: held.notices[ANNA].id}), now=SOON)
    assert await scene.backend.holdings.find_held(SOON + timedelta(seconds=9), 10) == []
    assert len(await scene.backend.holdings.find_held(SOON + timedelta(seconds=10), 10)) == 1


@pytest.mark.holds("A7", "I8")
async def test_put_off_it_is_due_when_told_and_still_held(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, {ANNA: HELD}))
    (held,) = await scene.backend.holdings.find_held(SOON, 10)
    await scene.backend.holdings.put_off(held, SOON + timedelta(minutes=10))
    assert await scene.backend.holdings.find_held(SOON + timedelta(minutes=9), 10) == []
    assert len(await scene.backend.holdings.find_held(SOON + timedelta(minutes=10), 10)) == 1
    assert await scene.backend.states("e1") == ["accepted", "held"]


@pytest.mark.holds("A7", "B6")
async def test_judged_barred_it_ends_for_its_publisher(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, {ANNA: HELD}))
    (held,) = await scene.backend.holdings.find_held(SOON, 10)
    await scene.reopen(an_opening(EVENT, {ANNA: SKIPPED}, notices={ANNA: held.notices[ANNA].id}), now=SOON)
    assert await scene.backend.end_of(EVENT.key) == "unreachable"
    assert await scene.backend.states("e1") == ["accepted", "held", "unreachable"]


@pytest.mark.holds("A22", "B46")
async def test_what_was_handled_while_it_was_held_is_told_to_nobody(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, {ANNA: HELD}))
    (held,) = await scene.backend.holdings.find_held(SOON, 10)
    await scene.open(a_mark("k1", MarkKind.READ, 1))
    opened = await scene.reopen(an_opening(EVENT, notices={ANNA: held.notices[ANNA].id}), now=SOON)
    assert opened.due == ()
    assert await scene.backend.end_of(EVENT.key) == "seen"


@pytest.mark.holds("A25", "A23")
async def test_what_it_replaces_when_it_is_free_ends_as_superseded(scene: Scene) -> None:
    new = an_event("new", at=5)
    await scene.open(an_opening(EVENT), an_opening(new, {ANNA: HELD}))
    (held,) = await scene.backend.holdings.find_held(SOON, 10)
    await scene.reopen(an_opening(new, notices={ANNA: held.notices[ANNA].id}), now=SOON)
    assert await scene.backend.end_of(EVENT.key) == "superseded"


@pytest.mark.holds("A25")
async def test_one_who_was_told_keeps_a_held_event_from_ending_untold(scene: Scene) -> None:
    event = an_event("c1", subject=CHILD)
    opened = await scene.open(an_opening(event, {CHILD: SKIPPED, ANNA: a_push(ANNA), BERTIL: HELD}))
    await scene.accept(*opened.due)
    (held,) = await scene.backend.holdings.find_held(SOON, 10)
    notices = {BERTIL: held.notices[BERTIL].id}
    await scene.reopen(an_opening(event, {BERTIL: SKIPPED}, notices=notices), now=SOON)
    assert await scene.backend.end_of(event.key) is None


@pytest.mark.holds("A25", "B6")
async def test_told_and_not_seen_it_ends_when_it_is_useful_no_more(scene: Scene) -> None:
    opened = await scene.open(an_opening(EVENT))
    await scene.accept(*opened.due)
    assert await scene.backend.holdings.end_due(NOW + timedelta(days=7) - timedelta(seconds=1)) == 0
    assert await scene.backend.holdings.end_due(NOW + timedelta(days=7)) == 1
    assert await scene.backend.end_of(EVENT.key) == "delivered_unseen"
    assert await scene.backend.states("e1") == ["accepted", "pushed", "delivered_unseen"]


@pytest.mark.holds("B21", "A25")
async def test_held_until_it_is_useful_no_more_it_ends_unreachable(scene: Scene) -> None:
    await scene.open(an_opening(EVENT, {ANNA: HELD}))
    assert await scene.backend.holdings.end_due(NOW + timedelta(days=7)) == 1
    assert await scene.backend.end_of(EVENT.key) == "unreachable"
