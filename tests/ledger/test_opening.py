"""Step 4 of the path: a batch becomes ours whole or not at all, and each (source, id) once."""

import pytest

from notifier.dispatch.batches import Fenced
from notifier.domain.events import MarkKind
from tests.ledger.cast import ANNA, BERTIL, CHILD, HELD, SKIPPED, a_push
from tests.ledger.parts import a_mark, an_event, an_opening
from tests.ledger.scene import TOPIC, Scene


@pytest.mark.holds("I1", "R14")
async def test_an_opening_hands_over_a_delivery_per_phone_with_the_badge(scene: Scene) -> None:
    opened = await scene.open(an_opening(an_event("e1")))
    assert [(due.device, due.lease, due.attempts, due.badge.unread) for due in opened.due] == [
        (11, 0, 0, 1),
        (12, 0, 0, 1),
    ]
    assert await scene.backend.deliveries(an_event("e1").key) == {11: ("waiting", None), 12: ("waiting", None)}
    assert await scene.backend.states("e1") == ["accepted"]
    assert await scene.backend.ledger.position(TOPIC, 0) == 1


@pytest.mark.holds("I2", "A4", "A6", "A27")
async def test_a_copy_opens_nothing_whatever_time_it_claims(scene: Scene) -> None:
    await scene.open(an_opening(an_event("e1")))
    again = await scene.open(an_opening(an_event("e1", at=30)), an_opening(an_event("e2", matter="n")))
    assert [due.event_id for due in again.due] == ["e2", "e2"]
    assert await scene.backend.badge(ANNA) == (2, 2)
    assert sorted(await scene.backend.states("e1")) == ["accepted", "duplicate"]
    assert await scene.backend.totals() == {"records": 3, "opened": 2, "marks": 0, "duplicates": 1, "dead_letters": 0}


@pytest.mark.holds("I2", "A4")
async def test_two_copies_in_one_batch_open_once(scene: Scene) -> None:
    opened = await scene.open(an_opening(an_event("e1")), an_opening(an_event("e1", at=5)))
    assert len(opened.due) == 2
    assert opened.fates[TOPIC, 0].duplicates == 1


@pytest.mark.holds("A4", "A27")
async def test_an_id_used_for_something_else_is_a_dead_letter(scene: Scene) -> None:
    await scene.open(an_opening(an_event("e1")))
    await scene.open(an_opening(an_event("e1", says="something else")), broken=1)
    assert sorted(await scene.backend.letters()) == [(1, "id_reused"), (2, "not_json")]
    assert sorted(await scene.backend.states("e1")) == ["accepted", "rejected"]
    assert await scene.backend.totals() == {"records": 3, "opened": 1, "marks": 0, "duplicates": 0, "dead_letters": 2}


@pytest.mark.holds("A21", "A4")
async def test_a_matter_of_another_is_a_dead_letter_and_its_id_may_be_used_again(scene: Scene) -> None:
    await scene.open(an_opening(an_event("e1")))
    await scene.open(an_opening(an_event("e2", subject=BERTIL)))
    assert await scene.backend.letters() == [(1, "matter_of_another")]
    corrected = await scene.open(an_opening(an_event("e2", subject=BERTIL, matter="n")))
    assert [due.recipient for due in corrected.due] == [BERTIL]


@pytest.mark.holds("I1")
async def test_a_batch_that_another_owner_has_taken_changes_nothing(scene: Scene) -> None:
    late = scene.batch(an_opening(an_event("e1")))
    await scene.open(an_opening(an_event("e2", matter="n")))
    assert isinstance(await scene.try_open(late), Fenced)
    assert await scene.backend.badge(ANNA) == (1, 1)
    assert await scene.backend.states("e1") == []
    assert (await scene.backend.totals())["records"] == 1


@pytest.mark.holds("I1")
async def test_deliveries_of_a_commit_without_reply_are_claimable_at_once(scene: Scene) -> None:
    batch = scene.batch(an_opening(an_event("e1")))
    await scene.try_open(batch)
    assert await scene.claim() == []
    await scene.backend.ledger.release_events(batch, [an_event("e1").key])
    claimed = await scene.claim()
    assert [(one.device, one.quiet) for one in claimed] == [(11, False), (12, False)]


@pytest.mark.holds("I3")
async def test_deliveries_that_another_owner_opened_for_the_same_records_stay_leased(scene: Scene) -> None:
    batch = scene.batch(an_opening(an_event("e1")))
    await scene.open(an_opening(an_event("e1")))
    assert isinstance(await scene.try_open(batch), Fenced)
    await scene.backend.ledger.release_events(batch, [an_event("e1").key])
    assert await scene.claim() == []


@pytest.mark.holds("A25", "B6")
@pytest.mark.parametrize(
    ("verdicts", "end"),
    [
        ({ANNA: SKIPPED}, "unreachable"),
        ({}, "expired"),
        ({ANNA: HELD}, None),
        ({ANNA: SKIPPED, BERTIL: HELD}, None),
    ],
)
async def test_an_event_that_nobody_can_be_told_of_ends_at_once(scene: Scene, verdicts, end: str | None) -> None:
    await scene.open(an_opening(an_event("e1"), verdicts))
    assert await scene.backend.end_of(an_event("e1").key) == end


@pytest.mark.holds("A24", "R7")
async def test_a_guardian_counts_the_childs_matter_and_the_child_does_not(scene: Scene) -> None:
    event = an_event("e1", subject=CHILD)
    await scene.open(an_opening(event, {CHILD: SKIPPED, ANNA: a_push(ANNA)}))
    assert (await scene.backend.badge(ANNA))[0] == 1
    assert (await scene.backend.badge(CHILD))[0] == 0
    assert await scene.backend.verdicts(event.key) == {CHILD: ("skip", "no_device"), ANNA: ("push", None)}


@pytest.mark.holds("I12")
async def test_what_is_planned_is_counted_apart(scene: Scene) -> None:
    await scene.open(an_opening(an_event("e1")), a_mark("k1", MarkKind.ACTED, 5, matter="other"))
    await scene.open(an_opening(an_event("e2", matter="n", subject=BERTIL)))
    assert await scene.backend.planned() == 3
