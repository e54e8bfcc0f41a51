"""Marks before and after their event, by whom, and what they end (B10, A22)."""

import pytest

from notifier.domain.events import MarkKind
from tests.ledger.cast import ANNA, BERTIL, CHILD, SKIPPED, a_push
from tests.ledger.parts import a_mark, an_event, an_opening
from tests.ledger.scene import Scene

EVENT = an_event("e1")
FAMILY = {CHILD: SKIPPED, ANNA: a_push(ANNA), BERTIL: a_push(BERTIL)}
CHILDS = an_event("c1", subject=CHILD)


@pytest.mark.holds("R2", "B10", "A22", "A25")
@pytest.mark.parametrize(
    ("kind", "end"), [(MarkKind.READ, "seen"), (MarkKind.ACTED, "seen"), (MarkKind.WITHDRAWN, "withdrawn")]
)
async def test_a_mark_after_its_event_ends_it_and_lowers_the_badge(scene: Scene, kind: MarkKind, end: str) -> None:
    await scene.open(an_opening(EVENT))
    await scene.open(a_mark("k1", kind, 1))
    assert await scene.backend.end_of(EVENT.key) == end
    assert (await scene.backend.badge(ANNA))[0] == 0
    reason = "withdrawn" if end == "withdrawn" else "already_handled"
    assert await scene.backend.deliveries(EVENT.key) == {11: ("cancelled", reason), 12: ("cancelled", reason)}
    assert sorted(await scene.backend.states("e1")) == ["accepted", end]
    assert await scene.backend.states("k1") == ["accepted"]


@pytest.mark.holds("R2", "B10", "A22", "A25")
@pytest.mark.parametrize(
    ("kind", "end"), [(MarkKind.READ, "seen"), (MarkKind.ACTED, "seen"), (MarkKind.WITHDRAWN, "withdrawn")]
)
@pytest.mark.parametrize("together", [True, False])
async def test_a_mark_before_its_event_leaves_nothing_to_send(
    scene: Scene, kind: MarkKind, end: str, together: bool
) -> None:
    mark, opening = a_mark("k1", kind, 1), an_opening(EVENT)
    if together:
        opened = await scene.open(mark, opening)
    else:
        await scene.open(mark)
        opened = await scene.open(opening)
    assert opened.due == ()
    assert await scene.backend.end_of(EVENT.key) == end
    assert (await scene.backend.badge(ANNA))[0] == 0


@pytest.mark.holds("R2", "B10")
@pytest.mark.parametrize("kind", [MarkKind.READ, MarkKind.WITHDRAWN])
async def test_a_mark_after_its_event_in_one_batch_leaves_nothing_to_send(scene: Scene, kind: MarkKind) -> None:
    opened = await scene.open(an_opening(EVENT), a_mark("k1", kind, 1))
    assert opened.due == ()
    assert {state for state, _ in (await scene.backend.deliveries(EVENT.key)).values()} == {"cancelled"}
    assert (await scene.backend.badge(ANNA))[0] == 0


@pytest.mark.holds("A22")
async def test_a_later_event_opens_the_matter_again(scene: Scene) -> None:
    await scene.open(a_mark("k1", MarkKind.ACTED, 1))
    opened = await scene.open(an_opening(an_event("e2", at=2)))
    assert len(opened.due) == 2
    assert (await scene.backend.badge(ANNA))[0] == 1


@pytest.mark.holds("A22")
async def test_a_mark_that_is_older_than_the_event_changes_nothing(scene: Scene) -> None:
    await scene.open(an_opening(an_event("e1", at=5)))
    await scene.open(a_mark("k1", MarkKind.WITHDRAWN, 4))
    assert await scene.backend.end_of(an_event("e1").key) is None
    assert (await scene.backend.badge(ANNA))[0] == 1


@pytest.mark.holds("B10", "R7")
async def test_what_one_guardian_reads_stays_unread_for_the_other(scene: Scene) -> None:
    await scene.open(an_opening(CHILDS, FAMILY))
    await scene.open(a_mark("k1", MarkKind.READ, 1, by=ANNA, subject=CHILD))
    assert (await scene.backend.badge(ANNA))[0] == 0
    assert (await scene.backend.badge(BERTIL))[0] == 1
    assert (await scene.backend.deliveries(CHILDS.key))[21] == ("waiting", None)


@pytest.mark.holds("B10", "R7")
async def test_what_one_guardian_acts_on_is_done_for_all(scene: Scene) -> None:
    await scene.open(an_opening(CHILDS, FAMILY))
    await scene.open(a_mark("k1", MarkKind.ACTED, 1, by=ANNA, subject=CHILD))
    assert [(await scene.backend.badge(one))[0] for one in (ANNA, BERTIL)] == [0, 0]


@pytest.mark.holds("A22")
async def test_a_reader_who_is_no_recipient_changes_nothing(scene: Scene) -> None:
    await scene.open(an_opening(EVENT))
    await scene.open(a_mark("k1", MarkKind.READ, 1, by=BERTIL), a_mark("k2", MarkKind.READ, 1, by=None))
    assert await scene.backend.end_of(EVENT.key) is None
    assert (await scene.backend.badge(ANNA))[0] == 1


@pytest.mark.holds("A21")
async def test_a_mark_of_anothers_matter_is_a_dead_letter(scene: Scene) -> None:
    await scene.open(an_opening(EVENT))
    await scene.open(a_mark("k1", MarkKind.ACTED, 1, subject=BERTIL))
    assert await scene.backend.letters() == [(1, "matter_of_another")]
    assert (await scene.backend.badge(ANNA))[0] == 1


@pytest.mark.holds("A6", "A25")
async def test_a_mark_again_is_a_duplicate_and_the_first_end_stands(scene: Scene) -> None:
    await scene.open(an_opening(EVENT), a_mark("k1", MarkKind.WITHDRAWN, 1))
    await scene.open(a_mark("k1", MarkKind.WITHDRAWN, 1), a_mark("k2", MarkKind.ACTED, 2))
    assert await scene.backend.end_of(EVENT.key) == "withdrawn"
    assert await scene.backend.totals() == {"records": 4, "opened": 1, "marks": 2, "duplicates": 1, "dead_letters": 0}
