"""A newer event of the same matter takes the place of older deliveries (A23, A25)."""

import pytest

from notifier.domain.verdicts import Loudness
from tests.ledger.cast import ANNA, BERTIL, CHILD, SKIPPED, a_push
from tests.ledger.parts import an_event, an_opening
from tests.ledger.scene import REFUSED, Scene

OLD, NEW = an_event("old"), an_event("new", at=5)


@pytest.mark.holds("A23", "A25", "A28")
@pytest.mark.parametrize("together", [True, False])
async def test_a_newer_event_ends_what_still_waits_and_keeps_the_collapse_id(scene: Scene, together: bool) -> None:
    if together:
        opened = await scene.open(an_opening(OLD), an_opening(NEW))
    else:
        first = await scene.open(an_opening(OLD))
        opened = await scene.open(an_opening(NEW))
        assert {due.delivery.collapse_id for due in first.due} == {due.delivery.collapse_id for due in opened.due}
    assert [due.event_id for due in opened.due] == ["new", "new"]
    assert await scene.backend.deliveries(OLD.key) == {
        11: ("superseded", "superseded"),
        12: ("superseded", "superseded"),
    }
    assert await scene.backend.end_of(OLD.key) == "superseded"
    assert sorted(await scene.backend.states("old")) == ["accepted", "superseded"]
    assert (await scene.backend.badge(ANNA))[0] == 1


@pytest.mark.holds("A23")
@pytest.mark.parametrize("together", [True, False])
async def test_the_newer_one_takes_over_the_louder_class(scene: Scene, together: bool) -> None:
    loud = an_opening(OLD, {ANNA: a_push(ANNA, Loudness.TIME_SENSITIVE)})
    still = an_opening(NEW, {ANNA: a_push(ANNA, Loudness.PASSIVE)})
    if together:
        opened = await scene.open(loud, still)
    else:
        await scene.open(loud)
        opened = await scene.open(still)
    assert {due.delivery.loudness for due in opened.due if due.event_id == "new"} == {Loudness.TIME_SENSITIVE}


@pytest.mark.holds("A23")
async def test_what_was_accepted_stays_so_and_does_not_end_as_superseded(scene: Scene) -> None:
    first = await scene.open(an_opening(OLD))
    await scene.accept(first.due[0])
    await scene.open(an_opening(NEW))
    assert await scene.backend.deliveries(OLD.key) == {11: ("accepted", None), 12: ("superseded", "superseded")}
    assert await scene.backend.end_of(OLD.key) is None


@pytest.mark.holds("A25", "B6")
async def test_an_event_whose_last_delivery_is_superseded_after_a_failure_ends(scene: Scene) -> None:
    first = await scene.open(an_opening(OLD))
    await scene.record(REFUSED, first.due[0])
    assert await scene.backend.end_of(OLD.key) is None
    await scene.open(an_opening(NEW))
    assert await scene.backend.end_of(OLD.key) == "superseded"


@pytest.mark.holds("A23")
async def test_an_older_event_that_comes_late_is_told_to_nobody(scene: Scene) -> None:
    await scene.open(an_opening(NEW))
    opened = await scene.open(an_opening(OLD))
    assert opened.due == ()
    assert await scene.backend.verdicts(OLD.key) == {ANNA: ("skip", "superseded")}
    assert await scene.backend.end_of(OLD.key) == "superseded"


@pytest.mark.holds("A23")
async def test_it_takes_nothing_from_those_to_whom_it_opens_nothing(scene: Scene) -> None:
    old, new = an_event("old", subject=CHILD), an_event("new", subject=CHILD, at=5)
    await scene.open(an_opening(old, {CHILD: SKIPPED, ANNA: a_push(ANNA), BERTIL: a_push(BERTIL)}))
    await scene.open(an_opening(new, {CHILD: SKIPPED, ANNA: a_push(ANNA), BERTIL: SKIPPED}))
    assert (await scene.backend.deliveries(old.key))[21] == ("waiting", None)
    assert await scene.backend.end_of(old.key) is None
