"""Newer events, late events, strangers and matters that go on (A21, A23, A28)."""

import pytest

from notifier.domain.ends import Ended, course_of
from notifier.domain.identifiers import EventKey, PersonId
from notifier.domain.matters import Lowered, Matter, Reader
from notifier.domain.plans import Marking, Opening
from notifier.domain.reasons import End, Reason
from notifier.domain.resolution import Resolution
from notifier.domain.verdicts import Verdict
from tests.domain.cast import CHILD, MOTHER
from tests.domain.records import (
    A_PUSH,
    DEAF,
    HELD,
    MATTER,
    SUPERSEDED,
    acted,
    an_opening,
    badge,
    collapse,
    last_verdicts,
    minute,
    play,
    read,
    reference,
)


@pytest.mark.holds("A23", "A28")
def test_a_newer_event_replaces_the_notice_and_keeps_the_collapse_id() -> None:
    resolution = play(an_opening(1), an_opening(2))
    first, second = (opened.notices[0] for opened in resolution.opened)
    assert (first.replaces, second.replaces) == (None, reference("event 1"))
    assert first.collapse_id == second.collapse_id == collapse("event 1")


@pytest.mark.holds("A28")
def test_each_recipient_has_a_collapse_id_of_its_own() -> None:
    first, other = an_opening(1, {CHILD: A_PUSH}), an_opening(2, {CHILD: A_PUSH, MOTHER: A_PUSH})
    notices = play(first, other).opened[1].notices
    assert [each.collapse_id for each in notices] == [collapse("event 1"), collapse("event 2")]


@pytest.mark.holds("A23")
@pytest.mark.parametrize("verdict", [HELD, DEAF])
def test_a_newer_event_supersedes_only_for_those_to_whom_it_opens_a_delivery(verdict: Verdict) -> None:
    resolution = play(an_opening(1, {CHILD: A_PUSH, MOTHER: A_PUSH}), an_opening(2, {CHILD: verdict, MOTHER: A_PUSH}))
    own, hers = resolution.opened[1].notices
    assert (own.replaces, hers.replaces) == (None, reference("event 1", MOTHER))
    assert resolution.readers[CHILD].shown == reference("event 1")
    late = play(an_opening(2, {CHILD: verdict}), an_opening(1))
    assert last_verdicts(late) == {CHILD: A_PUSH}


@pytest.mark.holds("A23")
def test_an_older_event_that_arrives_late_is_superseded() -> None:
    resolution = play(an_opening(5), an_opening(3))
    assert last_verdicts(resolution) == {CHILD: SUPERSEDED}
    assert badge(resolution) == 1
    assert resolution.readers[CHILD].shown == reference("event 5")
    assert course_of(resolution.opened[1]).ended == Ended(end=End.SUPERSEDED, reason=Reason.SUPERSEDED)
    assert resolution.matter.newest_at == minute(5)


@pytest.mark.holds("A23")
def test_what_nobody_would_get_anyway_keeps_its_reason_though_a_newer_event_is_out() -> None:
    assert last_verdicts(play(an_opening(5), an_opening(3, {CHILD: DEAF}))) == {CHILD: DEAF}


@pytest.mark.holds("A23")
def test_of_two_events_of_one_instant_the_later_opening_is_newer() -> None:
    resolution = play(an_opening(3, name="first"), an_opening(3, name="second"))
    assert last_verdicts(resolution) == {CHILD: A_PUSH}
    assert resolution.opened[1].notices[0].replaces == reference("first")


@pytest.mark.holds("A21")
def test_records_about_another_subject_are_strangers_and_change_nothing() -> None:
    other = an_opening(2, subject=PersonId(77))
    mark = Marking(mark=acted(9).mark, subject=PersonId(77), by=PersonId(77))
    resolution = play(an_opening(1), other, mark)
    strangers: list[Opening | Marking] = [other, mark]
    assert resolution.strangers == strangers
    assert (len(resolution.opened), resolution.marked, badge(resolution)) == (1, [], 1)


@pytest.mark.holds("A21", "A28", "R14")
def test_a_matter_goes_on_from_where_the_database_left_it() -> None:
    reader = Reader(
        recipient=CHILD,
        about=CHILD,
        counted=True,
        newest_at=minute(1),
        shown=reference("old"),
        collapse_id=collapse("o"),
    )
    resolution = Resolution(Matter(key=MATTER, subject=CHILD, newest_at=minute(1)), [reader])
    resolution.play([an_opening(2), read(3)])
    assert resolution.opened[0].notices[0].replaces == reference("old")
    assert resolution.badges == {(CHILD, CHILD): -1}
    assert resolution.lowered == [Lowered(recipient=CHILD, collapse_id=collapse("o"))]
    assert EventKey(b"event 2".ljust(16)) == resolution.cancelled[0].notice.event
